import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Actor } from '#libs/contracts/actor';
import { Answer } from './answer.js';
import { By } from './asked.js';
import { Own } from './policy.js';
import { ReadModels } from './read-models.js';
import { Returns, Untagged } from './returns.js';

const Me = Actor.extend({
  name: z.string().nullable().describe('of the key or client; a person is not named'),
  organisations: z.array(z.string()).describe('those one acts for'),
}).meta({ id: 'Me' });

@ApiTags('Platform')
@Controller('v1/me')
export class MeController {
  constructor(private readonly models: ReadModels) {}

  /** Who am I: person or client, roles, scopes, organisations. */
  @Get()
  @Own('me')
  @Returns(Me)
  @Untagged()
  async me(@By() by: Actor) {
    const record = await this.record(by);
    const bound = by.roles.flatMap(({ binding }) => (binding?.kind === 'ORGANISATION' ? [binding.id] : []));
    const organisations = [...new Set([...bound, record?.organisation].filter((id) => typeof id === 'string'))];
    return new Answer(200, { ...by, name: record?.name ?? null, organisations });
  }

  private async record(by: Actor) {
    if (by.kind !== 'CLIENT') return null;
    const [client] = await this.models.byIds('clients', [by.id]);
    return client ?? (await this.models.byIds('api-keys', [by.id]))[0] ?? null;
  }
}
