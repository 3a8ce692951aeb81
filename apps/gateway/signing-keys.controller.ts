import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Instant } from '#libs/contracts/values';
import { Answer } from './answer.js';
import { type Asked, Asking } from './asked.js';
import { Commands } from './commands.js';
import { Administering } from './policy.js';
import { Accepts, pageOf, Returns } from './returns.js';
import { type SigningKey, SigningKeys } from './signing-keys.js';

const KeyShown = z
  .object({
    kid: z.string(),
    state: z.enum(['SIGNS', 'VERIFIES']).describe('SIGNS: new tokens; VERIFIES: only those it has signed, until the last has expired'),
    createdAt: Instant,
    endsAt: Instant.nullable(),
  })
  .meta({ id: 'SigningKey' });
const Shown = pageOf(KeyShown);

const KeyRotation = z
  .strictObject({
    compromised: z.boolean().default(false).describe('the old keys end at once, and with them every token they have signed'),
  })
  .meta({ id: 'SigningKeyRotation' });

const shown = (keys: SigningKey[]) => ({
  items: keys.map(({ kid, createdAt, endsAt }) => ({ kid, state: endsAt === null ? 'SIGNS' : 'VERIFIES', createdAt, endsAt })),
  next: null,
});

/** The keys that sign access tokens; they are told as they are, since they are read at each request. */
@ApiTags('Identity')
@Controller('v1/signing-keys')
export class SigningKeysController {
  constructor(
    private readonly keys: SigningKeys,
    private readonly commands: Commands,
  ) {}

  @Get()
  @Administering('signing-keys')
  @Returns(Shown)
  async list() {
    return shown(await this.keys.all());
  }

  /** A new key signs from now on; the one before verifies until its last token has expired. */
  @Post('rotate')
  @HttpCode(200)
  @Administering('signing-keys')
  @Accepts(Shown)
  rotate(@Body({ schema: KeyRotation.prefault({}) } as never) { compromised }: z.output<typeof KeyRotation>, @Asking() asked: Asked) {
    return this.commands.here(asked, {
      write: async (id) => new Answer(200, shown(await this.keys.rotate({ asked: id, keepOld: !compromised }))),
      preview: async () => shown(await this.keys.all()),
    });
  }
}
