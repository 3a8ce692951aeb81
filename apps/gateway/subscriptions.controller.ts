import { hkdfSync } from 'node:crypto';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { DeliveryView, Subscribe, SubscriptionDraft, SubscriptionView } from '#libs/contracts/subscription';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { seal } from '#libs/service/sealed';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { Reading, Writing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';

const Created = SubscriptionView.extend({ secret: z.string().nullable().describe('signs webhooks; shown only now') }).meta({
  id: 'SubscriptionCreated',
});

@ApiTags('Notifications')
@Controller('v1/subscriptions')
export class SubscriptionsController {
  private readonly secretsKey: string;

  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    runtime: Runtime,
  ) {
    this.secretsKey = (runtime.config as Config<'gateway'>).SECRETS_KEY;
  }

  /** Subscribes to facts; the secret of a webhook is shown only in this answer. */
  @Post()
  @Writing('subscriptions')
  @Accepts(Created, 201)
  subscribe(@Body({ schema: SubscriptionDraft } as never) draft: z.output<typeof SubscriptionDraft>, @Asking() asked: Asked) {
    const secretOf = (id: string) => (draft.channel === 'WEBHOOK' ? webhookSecret(id, this.secretsKey) : null);
    const dataOf = (id: string) => {
      const secret = secretOf(id);
      return { ...draft, secretCipher: secret && seal(secret, this.secretsKey) };
    };
    return this.commands.create(Subscribe, dataOf, asked, ({ view }) => {
      const shown = SubscriptionView.parse(view);
      return new Answer(201, { ...shown, secret: secretOf(shown.id) }, { location: `/v1/subscriptions/${shown.id}` });
    });
  }

  @Get()
  @Reading('subscriptions')
  @Returns(pageOf(SubscriptionView))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('subscriptions', query, by);
  }

  @Get(':id')
  @Reading('subscriptions')
  @Returns(SubscriptionView)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('subscriptions', id, by);
  }

  /** Every delivery with its attempts, oldest first. */
  @Get(':id/deliveries')
  @Reading('subscriptions')
  @Returns(pageOf(DeliveryView))
  async deliveries(@Param('id') id: string, @Query() query: Record<string, unknown>, @By() by: Actor) {
    await this.reads.view('subscriptions', id, by);
    return this.reads.list('deliveries', query, by, { subscription: id });
  }
}

/** Of the subscription's id, so that a repeated request is told the same secret. */
const webhookSecret = (id: string, secretsKey: string) =>
  `whsec_${Buffer.from(hkdfSync('sha256', secretsKey, id, 'clusterbridge webhook secret', 32)).toString('base64')}`;
