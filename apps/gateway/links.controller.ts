import { Body, Controller, Get, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { MailLink } from '#libs/contracts/mail';
import { Code, Instant, Reason } from '#libs/contracts/values';
import { inLanguage, type Text } from '#libs/domain/text';
import type { Config } from '#libs/service/config';
import { type Link, linkFrom } from '#libs/service/link';
import { Runtime } from '#libs/service/runtime';
import { Answer, Page } from './answer.js';
import { type Asked, Asking } from './asked.js';
import { Commands } from './commands.js';
import { languageOf } from './languages.js';
import { type LinkAnswer, linkRefusals, purposes } from './link-purposes.js';
import { answeredPage, questionPage, wantsPage } from './people-page.js';
import { Mailed } from './policy.js';
import { absent, malformed, Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { reading } from './reading.js';
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
type LinkShown = z.input<typeof LinkShown>;

const LinkSaid = z
  .strictObject({ answer: z.string().min(1).max(40).describe('one of its answers'), reason: Reason.optional() })
  .meta({ id: 'LinkAnswer', example: { answer: 'accept' } });

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
  @Mailed('links', 'READ')
  @Returns(LinkShown)
  @Untagged()
  async one(@Param('token') token: string, @Asking() asked: Asked, @Req() request: FastifyRequest) {
    // Whether it still holds is a matter of time as well.
    const store = reading.getStore();
    if (store) store.once = true;
    const link = this.linkOf(token);
    const shown = await this.shown(link, await this.subjectOf(link), asked);
    return wantsPage(request) ? new Page(200, questionPage(questionOf(shown), languageOf(asked.languages))) : new Answer(200, shown);
  }

  /** Answers in the place of a token, once. */
  @Post(':token')
  @Mailed('links', 'WRITE')
  @Accepts(LinkShown)
  @MayRefuse(...linkRefusals)
  async answer(
    @Param('token') token: string,
    @Body({ schema: LinkSaid } as never) said: z.output<typeof LinkSaid>,
    @Asking() asked: Asked,
    @Req() request: FastifyRequest,
  ) {
    const link = this.linkOf(token);
    const purpose = purposes[link.purpose];
    const { answers } = purpose;
    const command = Object.hasOwn(answers, said.answer) ? answers[said.answer as LinkAnswer] : undefined;
    if (!command)
      throw malformed('BODY.SHAPE', 'A link is answered with one of its answers.', [
        { pointer: '/answer', message: `one of ${Object.keys(answers).join(', ')}` },
      ]);
    const before = await this.subjectOf(link);
    const role = purpose.standsFor(before);
    // Records that do not know their links do not know how long they hold.
    if (role && !this.holds(link, before)) throw holdsNoMore();
    const by: Actor = { kind: 'PUBLIC', id: `link:${link.mail}`, roles: role ? [role] : [], scopes: [], at: asked.by.at };
    const within = typeof before.event === 'string' ? before.event : undefined;
    const reason = said.answer === 'decline' && said.reason !== undefined ? { reason: said.reason } : {};
    const answer = await this.commands.ask(
      command,
      link.subject,
      { ...purpose.data(link), ...reason },
      { ...asked, by, ...(within === undefined ? {} : { within }) },
      async ({ view }) => new Answer(200, await this.shown(link, view as View, asked)),
    );
    if (!wantsPage(request) || asked.dryRun) return answer;
    const question = answer.status === 200 ? questionOf(answer.body as LinkShown) : null;
    return new Page(answer.status, answeredPage(said.answer, answer.status, question, languageOf(asked.languages)));
  }

  private linkOf(token: string): Link {
    const link = linkFrom(token, this.secretsKey);
    if (!link) throw absent('link');
    return link;
  }

  private async subjectOf({ purpose, subject }: Link): Promise<View> {
    const [view] = await this.models.byIds(purposes[purpose].resource, [subject]);
    if (!view) throw absent('link');
    return view;
  }

  private holds(link: Link, view: View): boolean {
    return purposes[link.purpose].waitsFor(view, link) && this.runtime.clock.iso() < link.expiresAt;
  }

  private async shown(link: Link, view: View, { languages }: Asked): Promise<LinkShown> {
    const { resource, answers, names } = purposes[link.purpose];
    const holds = this.holds(link, view);
    const named = await Promise.all(
      Object.entries(names).map(async ([field, of]) => {
        const [found] = typeof view[field] === 'string' ? await this.models.byIds(of, [view[field]]) : [];
        return found ? [[field, nameOf(found, languages)] as const] : [];
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

const holdsNoMore = () =>
  new Problem('wrongState', { code: 'LINK.HOLDS', detail: 'The link was answered already, or what it was about is not so any more.' });

const nameOf = ({ name, title }: View, languages: readonly string[]): string =>
  typeof name === 'string' ? name : inLanguage((title ?? {}) as Text, languages);

const questionOf = ({ purpose, names, answers, expiresAt }: LinkShown) => ({
  purpose,
  values: purposes[purpose].values(names),
  answers,
  expiresAt,
});
