import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView } from '#libs/contracts/api-key';
import type { CalendarTokenView } from '#libs/contracts/calendar-token';
import type { ClientView } from '#libs/contracts/client';
import { Runtime } from '#libs/service/runtime';
import { followed } from './bindings.js';
import { hashOf, isCalendarToken } from './key-text.js';
import { Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { reading } from './reading.js';
import { within } from './scopes.js';

type Holder = Pick<Actor, 'roles' | 'scopes'>;

/** Whose calendar a token opens, as they stand now. */
@Injectable()
export class CalendarOwner {
  constructor(
    private readonly models: ReadModels,
    private readonly runtime: Runtime,
  ) {}

  /** 401 for what is not known, expired or revoked, or whose owner is. */
  async of(token: string): Promise<Actor> {
    // It ends by time alone: what it has opened is not kept.
    const store = reading.getStore();
    if (store) store.once = true;
    const at = this.runtime.clock.iso();
    const known = isCalendarToken(token) ? await this.known(hashOf(token)) : undefined;
    const isOpen = known?.state === 'ACTIVE' && Date.parse(known.expiresAt) > Date.parse(at);
    const holder = known && isOpen ? await this.holder(known, at) : null;
    if (!known || !holder) throw unknown();
    const { roles } = await followed(holder.roles, this.models);
    return { kind: known.kind, id: known.owner, ...holder, roles, at };
  }

  private async known(sha256: string): Promise<CalendarTokenView | undefined> {
    const [found] = await this.models.where('calendar-tokens', { sha256 });
    return found as unknown as CalendarTokenView | undefined;
  }

  /** A person has the roles the issuer told of when the token was made; a client or key those it has now. */
  private async holder({ kind, owner, roles, scopes }: CalendarTokenView, at: string): Promise<Holder | null> {
    if (kind === 'PERSON') return { roles, scopes };
    const client = (await this.models.byIds('clients', [owner]))[0] as unknown as ClientView | undefined;
    const key = client ? undefined : ((await this.models.byIds('api-keys', [owner]))[0] as unknown as ApiKeyView | undefined);
    if (key?.expiresAt && Date.parse(key.expiresAt) <= Date.parse(at)) return null;
    const record = client ?? key;
    if (record?.state !== 'ACTIVE') return null;
    const left = scopes.length > 0 ? within(record.scopes, scopes) : record.scopes;
    // No scope at all would mean every scope.
    return scopes.length > 0 && left.length === 0 ? null : { roles: record.roles, scopes: left };
  }
}

const unknown = () =>
  new Problem('unauthenticated', {
    code: 'AUTH.UNKNOWN',
    detail: 'The calendar token is not known, has expired or was revoked.',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
