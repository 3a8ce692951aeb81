import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Actor, Binding } from '#libs/contracts/actor';
import { ApiKeyView, IssueApiKey, RevokeApiKey } from '#libs/contracts/api-key';
import { Instant } from '#libs/contracts/values';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { hashOf, keyOf, prefixOf } from './key-text.js';
import { Administering, Reading, Writing } from './policy.js';
import { Problem } from './problem.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';

const KeyDraft = z
  .strictObject({
    name: z.string().min(1).max(200),
    role: z.string().min(1).max(60).describe('reference: roles'),
    bindings: z.array(Binding).max(20).default([]).describe('what the role is bound to; none = the whole platform'),
    scopes: ApiKeyView.shape.scopes.default([]),
    expiresAt: Instant.nullable().default(null),
    test: z.boolean().default(false),
  })
  .meta({ id: 'ApiKeyDraft' });
type KeyDraft = z.output<typeof KeyDraft>;

const PublicKey = ApiKeyView.omit({ sha256: true }).meta({ id: 'ApiKeyShown' });
const KeyOnce = PublicKey.extend({ key: z.string().describe('shown only now') }).meta({ id: 'ApiKeyIssued' });

@ApiTags('Identity')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly runtime: Runtime,
  ) {}

  /** Gives a key to a person or partner system; it is shown once. */
  @Post()
  @Administering('api-keys')
  @Accepts(KeyOnce, 201)
  issue(@Body({ schema: KeyDraft } as never) draft: KeyDraft, @Asking() asked: Asked) {
    if (draft.test && this.runtime.config.ENGINES !== 'embedded')
      throw new Problem('refused', {
        code: 'API_KEY.TEST',
        detail: 'Test keys work with embedded engines only.',
        errors: [{ pointer: '/test', message: 'leave it out' }],
      });
    const { role, bindings, ...fields } = draft;
    const roles = bindings.length > 0 ? bindings.map((binding) => ({ role, binding })) : [{ role, binding: null }];
    const secret = (this.runtime.config as Config<'gateway'>).SECRETS_KEY;
    const dataOf = (id: string) => {
      const key = keyOf(id, secret, draft.test);
      return { ...fields, roles, prefix: prefixOf(key), sha256: hashOf(key) };
    };
    return this.commands.create(IssueApiKey, dataOf, asked, ({ view }) => {
      const shown = PublicKey.parse(view);
      return new Answer(201, { ...shown, key: keyOf(shown.id, secret, shown.test) }, { location: `/v1/api-keys/${shown.id}` });
    });
  }

  @Get()
  @Reading('api-keys')
  @Returns(pageOf(PublicKey))
  async list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    const { items, next } = await this.reads.list('api-keys', query, by);
    return { items: items.map((item) => PublicKey.parse(item)), next };
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Writing('api-keys')
  @Accepts(PublicKey)
  revoke(@Param('id') id: string, @Asking() asked: Asked) {
    return this.commands.ask(RevokeApiKey, id, {}, asked, ({ view }) => new Answer(200, PublicKey.parse(view)));
  }
}
