import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import {
  ChangeClient,
  ClientDraft,
  ClientPatch,
  type ClientView,
  DisableClient,
  EnableClient,
  RegisterClient,
  RotateClientSecret,
  SecretRotation,
} from '#libs/contracts/client';
import type { CommandContract } from '#libs/contracts/message';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking, By, withPrecondition } from './asked.js';
import { Commands } from './commands.js';
import { clientSecretOf, hashOf, prefixOf } from './key-text.js';
import { Administering, Reading, Writing } from './policy.js';
import { Reads } from './reads.js';
import { Accepts, pageOf, Returns } from './returns.js';
import { ClientShown } from './shown.js';

const ClientOnce = ClientShown.extend({
  secret: z.string().nullable().describe('shown only now; null in a dry run. The id is the client_id'),
}).meta({ id: 'ClientWithSecret' });

@ApiTags('Identity')
@Controller('v1/clients')
export class ClientsController {
  private readonly secretsKey: string;

  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    runtime: Runtime,
  ) {
    this.secretsKey = (runtime.config as Config<'gateway'>).SECRETS_KEY;
  }

  /** Registers a partner system; its secret is shown once. */
  @Post()
  @Administering('clients')
  @Accepts(ClientOnce, 201)
  register(@Body({ schema: ClientDraft } as never) draft: ClientDraft, @Asking() asked: Asked) {
    const dataOf = (id: string) => ({ ...draft, secret: this.made(id, 1) });
    return this.commands.create(RegisterClient, dataOf, asked, ({ view }) => this.withSecret(view as ClientView, asked, 201));
  }

  @Get()
  @Reading('clients')
  @Returns(pageOf(ClientShown))
  list(@Query() query: Record<string, unknown>, @By() by: Actor) {
    return this.reads.list('clients', query, by);
  }

  @Get(':id')
  @Reading('clients')
  @Returns(ClientShown)
  one(@Param('id') id: string, @By() by: Actor) {
    return this.reads.one('clients', id, by);
  }

  /** Name, roles and scopes; they hold at once, also for tokens given before. */
  @Patch(':id')
  @Administering('clients')
  @Accepts(ClientShown)
  change(@Param('id') id: string, @Body({ schema: ClientPatch } as never) patch: ClientPatch, @Asking() asked: Asked) {
    return this.commands.ask(ChangeClient, id, patch, withPrecondition(asked), (outcome) =>
      this.reads.written('clients', outcome, asked.by),
    );
  }

  /** A new secret; the one before lives on for the hours that are said. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Writing('clients')
  @Accepts(ClientOnce)
  async rotateSecret(
    @Param('id') id: string,
    @Body({ schema: SecretRotation.prefault({}) } as never) { overlapHours }: z.output<typeof SecretRotation>,
    @Asking() asked: Asked,
  ) {
    const client = (await this.reads.view('clients', id, asked.by)) as unknown as ClientView;
    const data = { secret: this.made(client.id, client.secrets[0]!.no + 1), overlapHours };
    return this.commands.ask(RotateClientSecret, client.id, data, asked, ({ view }) => this.withSecret(view as ClientView, asked, 200));
  }

  /** No token of it is good any more, at once and on every gateway. */
  @Post(':id/disable')
  @HttpCode(200)
  @Writing('clients')
  @Accepts(ClientShown)
  disable(@Param('id') id: string, @Asking() asked: Asked) {
    return this.command(DisableClient, id, asked);
  }

  @Post(':id/enable')
  @HttpCode(200)
  @Writing('clients')
  @Accepts(ClientShown)
  enable(@Param('id') id: string, @Asking() asked: Asked) {
    return this.command(EnableClient, id, asked);
  }

  private async command(contract: CommandContract, id: string, asked: Asked) {
    await this.reads.view('clients', id, asked.by);
    return this.commands.ask(contract, id, {}, asked, (outcome) => this.reads.written('clients', outcome, asked.by));
  }

  private made(id: string, no: number) {
    const secret = clientSecretOf(id, no, this.secretsKey);
    return { no, prefix: prefixOf(secret), sha256: hashOf(secret) };
  }

  private withSecret(view: ClientView, { dryRun }: Asked, status: number): Answer {
    const secret = dryRun ? null : clientSecretOf(view.id, view.secrets[0]!.no, this.secretsKey);
    return new Answer(status, { ...ClientShown.parse(view), secret }, status === 201 ? { location: `/v1/clients/${view.id}` } : {});
  }
}
