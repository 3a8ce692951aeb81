import type { RefusalShape } from '#libs/contracts/message';
import type { Verdict } from '#libs/domain/verdict';
import { detailIn, type Language, problemTextIn, verdictIn } from './languages.js';

/** What a kind of problem is called and what its reader can do; each has a page under /docs/problems. */
export interface ProblemType {
  slug: string;
  status: number;
  title: string;
  /** The way out, in a sentence or two. */
  help: string;
  retryable: boolean;
}

const type = (slug: string, status: number, title: string, help: string, retryable = false): ProblemType => ({
  slug,
  status,
  title,
  help,
  retryable,
});

export const problemTypes = {
  malformed: type(
    'malformed-request',
    400,
    'The request is malformed',
    'Mend what `errors` points to; the shape of each body and parameter is in /openapi.json.',
  ),
  unauthenticated: type(
    'unauthenticated',
    401,
    'Who asks is not known',
    'Send `Authorization: Bearer …` with an access token or API key that is valid now.',
  ),
  notYours: type('not-yours', 403, 'Not yours to do', 'Ask with a role or scope that may; the verdicts name who may do it.'),
  absent: type(
    'not-found',
    404,
    'Not found',
    'There is nothing here, or nothing that you may see. Check the id or slug and with whose token you ask.',
  ),
  wrongState: type(
    'wrong-state',
    409,
    'Not possible in this state',
    'Read `/actions` of the resource: it lists what may come next, for whom, and why not.',
  ),
  beingAnswered: type(
    'being-answered',
    409,
    'The same request is still being answered',
    'Repeat it with the same Idempotency-Key after Retry-After; it is carried out once.',
    true,
  ),
  resync: type(
    'resync',
    409,
    'The feed no longer has what follows',
    'Take `GET /v1/snapshot` again, and go on with the feed from its cursor.',
  ),
  outdated: type(
    'outdated',
    412,
    'You have read an older version',
    'Read the resource again, and send the change with its new ETag as If-Match.',
  ),
  tooLarge: type('too-large', 413, 'The body is too large', 'Send less at once; the limits are in the API documentation.'),
  refused: type(
    'rule-refused',
    422,
    'A rule refuses this',
    'Each verdict says which rule, what it looked at and where the rule comes from.',
  ),
  preconditionRequired: type(
    'precondition-required',
    428,
    'If-Match is required',
    'Read the resource and send its ETag as If-Match, so that nobody’s change is lost.',
  ),
  tooMany: type('too-many-requests', 429, 'Too many requests', 'Wait for Retry-After; the RateLimit headers tell what is left.', true),
  failed: type(
    'failed',
    500,
    'It failed on our side',
    'Nothing of it was carried out by halves. Repeat it later, and tell us the traceId if it fails again.',
    true,
  ),
  unavailable: type(
    'unavailable',
    503,
    'Not available now',
    'Repeat it after Retry-After; a write with the same Idempotency-Key is carried out once.',
    true,
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemName = keyof typeof problemTypes;

export interface ProblemDetails {
  /** stable, dotted: `BODY.UNKNOWN_FIELD` */
  code: string;
  detail: string;
  errors?: { pointer: string; message: string }[];
  verdicts?: unknown[];
  headers?: Record<string, string>;
  extra?: Record<string, unknown>;
}

/** An answer that is no success; becomes RFC 9457 in one place. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemName,
    readonly details: ProblemDetails,
  ) {
    super(details.detail);
  }

  get status(): number {
    return problemTypes[this.kind].status;
  }

  body(traceId: string, language: Language = 'en') {
    const { slug, status, retryable } = problemTypes[this.kind];
    const { code, errors = [], extra = {} } = this.details;
    return { type: `/docs/problems/${slug}`, ...this.said(language), status, code, errors, traceId, retryable, ...extra };
  }

  /** What people read; programs go by the rest. */
  private said(language: Language) {
    const { code, detail, extra = {} } = this.details;
    const verdicts = (this.details.verdicts ?? []) as Verdict[];
    const words = { ...extra, ...verdicts.find(({ rule }) => rule === code)?.inputs };
    return {
      title: (problemTextIn(this.kind, language) ?? problemTypes[this.kind]).title,
      detail: detailIn(code, language, words) ?? detail,
      verdicts: verdicts.map((verdict) => verdictIn(verdict, language)),
    };
  }
}

/** What a refusal of each kind is answered with. */
export const kindOf: Record<RefusalShape['kind'], ProblemName> = {
  NOT_YOURS: 'notYours',
  ABSENT: 'absent',
  WRONG_STATE: 'wrongState',
  OUTDATED: 'outdated',
  RULE: 'refused',
};

export const refused = (refusal: RefusalShape, version: number): Problem =>
  new Problem(kindOf[refusal.kind], {
    code: refusal.code,
    detail: refusal.message,
    errors: refusal.errors,
    verdicts: refusal.verdicts,
    extra: refusal.kind === 'OUTDATED' ? { currentVersion: version } : {},
  });

export const absent = (what: string): Problem =>
  new Problem('absent', { code: 'RESOURCE.ABSENT', detail: `There is no ${what}, or none that you may see.` });

export const malformed = (code: string, detail: string, errors: { pointer: string; message: string }[] = []): Problem =>
  new Problem('malformed', { code, detail, errors });
