import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Actor, Binding } from '#libs/contracts/actor';
import { ApiKeyView, IssueApiKey, RevokeApiKey } from '#libs/contracts/api-key';
import { Instant } from '#libs/contracts/values';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Answer, Shown } from './answer.js';
import { type Asked, Asking, By } from './asked.js';
import { Commands } from './commands.js';
import { hashOf, keyOf, prefixOf } from './key-text.js';
import { KeyUsage } from './key-usage.store.js';
import { Administering, Reading, Writing } from './policy.js';
import { Problem } from './problem.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';
import { ApiKeyShown } from './shown.js';

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
type Key = z.output<typeof ApiKeyShown>;

const KeyOnce = ApiKeyShown.extend({ key: z.string().describe('shown only now') }).meta({ id: 'ApiKeyIssued' });
const KeyUsed = ApiKeyShown.extend({ lastUsedAt: Instant.nullable().describe('to the minute; no part of version and ETag') }).meta({
  id: 'ApiKeyUsed',
});

@ApiTags('Identity')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly usage: KeyUsage,
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
      const shown = ApiKeyShown.parse(view);
      return new Answer(201, { ...shown, key: keyOf(shown.id, secret, shown.test) }, { location: `/v1/api-keys/${shown.id}` });
    });
  }

  @Get()
  @Reading('api-keys')
  @Returns(pageOf(KeyUsed))
  async list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    const page = await this.reads.list('api-keys', query, by);
    return new Shown(null, { ...page, items: await this.used(page.items as Key[]) }, page);
  }

  @Get(':id')
  @Reading('api-keys')
  @Returns(KeyUsed)
  async one(@Param('id') id: string, @By() by: Actor) {
    const { version, body } = await this.reads.one('api-keys', id, by);
    const [used] = await this.used([body as Key]);
    return new Shown(version, used, body);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @Writing('api-keys')
  @Accepts(ApiKeyShown)
  async revoke(@Param('id') id: string, @Asking() asked: Asked) {
    await this.reads.view('api-keys', id, asked.by);
    return this.commands.ask(RevokeApiKey, id, {}, asked, ({ view }) => new Answer(200, ApiKeyShown.parse(view)));
  }

  private async used(keys: Key[]) {
    const lastUse = await this.usage.of(keys.map(({ id }) => id));
    return keys.map((key) => ({ ...key, lastUsedAt: lastUse.get(key.id) ?? null }));
  }
}
