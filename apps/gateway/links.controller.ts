import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { MailLink } from '#libs/contracts/mail';
import type { MembershipView } from '#libs/contracts/membership';
import { AcceptByLink, DeclineByLink } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { Code, Instant, Reason } from '#libs/contracts/values';
import type { Config } from '#libs/service/config';
import { type Link, linkFrom } from '#libs/service/link';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, Asking } from './asked.js';
import { codesOf } from './codes.js';
import { Commands } from './commands.js';
import { Mailed, Open } from './policy.js';
import { absent, malformed } from './problem.js';
import { ReadModels } from './read-models.js';
import type { View } from './resources.js';
import { Accepts, MayRefuse, Returns, Untagged } from './returns.js';

const LinkShown = z
  .object({
    purpose: MailLink.shape.purpose,
    subject: z.string().describe('path of the record that it is about'),
    names: z.record(z.string(), z.string()).describe('what is asked, in names: who is invited into what'),
    state: Code.describe('of the record'),
    holds: z.boolean().describe('false: it was used, is too old, or another was sent after it'),
    answers: z.array(z.string()).describe('what it can be answered with'),
    expiresAt: Instant,
  })
  .meta({ id: 'Link' });

const LinkAnswer = z
  .strictObject({ answer: z.string().min(1).max(40).describe('one of its answers'), reason: Reason.optional() })
  .meta({ id: 'LinkAnswer', example: { answer: 'accept' } });

interface Purpose {
  resource: string;
  /** What a link is answered with, and the command that does it. */
  answers: Record<string, CommandContract>;
  /** Whether the record waits for the answer of this very link. */
  waitsFor(view: View, link: Link): boolean;
  /** Resources whose names tell what it is about, by the field that names them. */
  names: Record<string, string>;
}

const purposes: Record<Link['purpose'], Purpose> = {
  MEMBERSHIP_INVITATION: {
    resource: 'memberships',
    answers: { accept: AcceptByLink, decline: DeclineByLink },
    waitsFor: (view, { mail }) => {
      const { state, invitation } = view as unknown as MembershipView;
      return state === 'INVITED' && invitation?.mail === mail;
    },
    names: { partnership: 'partnerships', cluster: 'clusters', organisation: 'organisations' },
  },
};

/** What answers may be refused with, whatever they are about. */
const refusals = [
  'MEMBERSHIP.ACCEPT.STATE',
  'MEMBERSHIP.DECLINE.STATE',
  ...Object.values(purposes).flatMap(({ answers }) => Object.values(answers).flatMap(({ type }) => codesOf(type))),
];

/** Links in mails let whoever holds them answer without a token. Opening one never acts. */
@ApiTags('Notifications')
@Controller('v1/links')
export class LinksController {
  private readonly secretsKey: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly commands: Commands,
  ) {
    this.secretsKey = (runtime.config as Config<'gateway'>).SECRETS_KEY;
  }

  /** What a link of a mail is about, and what it can be answered with; nothing happens by opening it. */
  @Get(':token')
  @Open('links')
  @Returns(LinkShown)
  @Untagged()
  async one(@Param('token') token: string) {
    const link = this.linkOf(token);
    const { resource } = purposes[link.purpose];
    const [view] = await this.models.byIds(resource, [link.subject]);
    if (!view) throw absent('link');
    return new Answer(200, await this.shown(link, view));
  }

  /** Answers in the place of a token, once. */
  @Post(':token')
  @Mailed('links')
  @Accepts(LinkShown)
  @MayRefuse(...refusals)
  answer(@Param('token') token: string, @Body({ schema: LinkAnswer } as never) said: z.output<typeof LinkAnswer>, @Asking() asked: Asked) {
    const link = this.linkOf(token);
    const { answers } = purposes[link.purpose];
    const command = Object.hasOwn(answers, said.answer) ? answers[said.answer] : undefined;
    if (!command)
      throw malformed('BODY.SHAPE', 'A link is answered with one of its answers.', [
        { pointer: '/answer', message: `one of ${Object.keys(answers).join(', ')}` },
      ]);
    const by: Actor = { kind: 'PUBLIC', id: `link:${link.mail}`, roles: [], scopes: [], at: asked.by.at };
    const data = { link: link.mail, ...(said.reason === undefined ? {} : { reason: said.reason }) };
    return this.commands.ask(
      command,
      link.subject,
      data,
      { ...asked, by },
      async ({ view }) => new Answer(200, await this.shown(link, view as View)),
    );
  }

  private linkOf(token: string): Link {
    const link = linkFrom(token, this.secretsKey);
    if (!link) throw absent('link');
    return link;
  }

  private async shown(link: Link, view: View): Promise<z.input<typeof LinkShown>> {
    const { resource, answers, waitsFor, names } = purposes[link.purpose];
    const holds = waitsFor(view, link) && this.runtime.clock.iso() < link.expiresAt;
    const named = await Promise.all(
      Object.entries(names).map(async ([field, of]) => {
        const [found] = typeof view[field] === 'string' ? await this.models.byIds(of, [view[field]]) : [];
        return found ? [[field, String(found.name)] as const] : [];
      }),
    );
    return {
      purpose: link.purpose,
      subject: `/v1/${resource}/${link.subject}`,
      names: Object.fromEntries(named.flat()),
      state: String(view.state),
      holds,
      answers: holds ? Object.keys(answers) : [],
      expiresAt: link.expiresAt,
    };
  }
}
