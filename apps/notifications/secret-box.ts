import { Injectable } from '@nestjs/common';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { BrokenSeal, open } from '#libs/service/sealed';
import { deliveryPolicy } from './policy.js';
import { keyOf } from './signature.js';

/** Opens the secrets of webhooks, in the moment they are used. */
@Injectable()
export class SecretBox {
  private readonly secretsKey: string;

  constructor({ config }: Runtime) {
    this.secretsKey = (config as Config<'notifications'>).SECRETS_KEY;
  }

  /** The signing key in a sealed secret; null when it cannot be opened or is none. */
  keyOf(cipher: string): Buffer | null {
    try {
      return keyOf(open(cipher, this.secretsKey), deliveryPolicy.secretBytes);
    } catch (error) {
      if (error instanceof BrokenSeal) return null;
      throw error;
    }
  }
}
