import { z } from 'zod';

/** An id given by the gateway: UUIDv7 as lower-case text. */
export const Id = z.uuid().meta({ id: 'Id', description: 'UUIDv7', example: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f' });

/** Where a schema says which resource the record is of that stands there. */
export const REFERS_TO = 'x-refers-to';

/** Another record, by its id or slug: who writes has read it somewhere. What reaches a service is the id. */
export const Ref = (resource: string) =>
  z
    .string()
    .min(1)
    .max(100)
    .meta({ [REFERS_TO]: resource });

/** What a command that removes a record is told of it by who can see everything: resource to how many of its records name this one. */
export const Removal = z.object({ dependents: z.record(z.string(), z.int().min(1)) });
export type Removal = z.infer<typeof Removal>;

/** Why somebody decided so; it is told to those it concerns. */
export const Reason = z.string().min(1).max(2000).regex(/\S/, 'not blank').describe('why; told to those it concerns');

/** A code of a vocabulary. Whether it exists is a rule (422), not a shape (400). */
export const Code = z.string().min(1).max(100);

/** Instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime();

/** How often a resource has been changed; its ETag. */
export const Version = z
  .int()
  .min(0)
  .max(2 ** 31);

/** When this version was made: by the clock of the service, as the `time` of its facts. */
export const UpdatedAt = Instant.describe('when this version was made');

/** What a view says of itself; its store adds it to the state. */
export interface Stamp {
  id: string;
  version: number;
  updatedAt: string;
}

/** Calendar day, YYYY-MM-DD. */
export const Day = z.iso.date();

/** ISO 3166-1 alpha-2. */
export const Country = z.string().regex(/^[A-Z]{2}$/, 'two capital letters of ISO 3166-1');

/** Address of a partnership or cluster in paths beside its id. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(80);

/** An address of mail; RFC 5321 bounds what stands before the @. */
export const Email = z.email({ pattern: new RegExp(z.regexes.email.source.replace('^', '^(?=[^@]{1,64}@)')) }).max(254);

/** SHA-256 in hexadecimal. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Text by language: BCP 47 tag to text. */
export const Text = z
  .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), z.string().max(20_000))
  .meta({ id: 'Text', example: { en: 'Study visit' } });

/** What a patch says of a text: null takes a language away. */
export const TextPatch = z
  .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), z.string().max(20_000).nullable())
  .meta({ id: 'TextPatch', example: { en: 'Study visit', fr: null } });

/** A date as precise as the truth; written as its EDTF string, read with the days it may mean. */
export const EdtfDate = z
  .object({ edtf: z.string(), precision: z.string(), earliest: Day.nullable(), latest: Day.nullable() })
  .meta({ id: 'EdtfDate', example: { edtf: '2018-09', precision: 'month', earliest: '2018-09-01', latest: '2018-09-30' } });

/** EDTF level 0–1 as written. Bounded here; its grammar is a rule (422 with pointer). */
export const EdtfText = z.string().min(4).max(60);

export const Quantity = z
  .object({
    value: z.number(),
    unit: z.string().nullish(),
    qualifier: Code.nullable().describe('reference: quantity-qualifiers; null = nothing is printed beside the figure'),
    asOf: z.string().nullable().describe('EDTF'),
    asPrinted: z.string().nullish(),
  })
  .meta({ id: 'Quantity' });

/** Declared, target and computed side by side; null is "not declared", never 0. */
export const Figure = z
  .object({
    declared: Quantity.nullable(),
    target: Quantity.nullable(),
    computed: z.object({ value: z.number(), coverage: z.string().describe('parts known of parts there are, "4 of 4"') }).nullable(),
    difference: z.number().nullable().describe('computed − declared; null when either is null or the coverage is partial'),
  })
  .meta({ id: 'Figure' });

/** Integer cents and ISO 4217. */
export const Money = z.object({ cents: z.int().min(-1e13).max(1e13), currency: z.string().length(3) }).meta({ id: 'Money' });

export const Verdict = z
  .object({
    rule: z.string(),
    version: z.int().min(1).max(1e6),
    outcome: z.enum(['PASSED', 'FAILED', 'NOT_APPLICABLE']),
    message: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    source: z.string().nullable(),
  })
  .meta({ id: 'Verdict' });

/**
 * What a record is called elsewhere: in the ECCP, by its VAT number, in a partner's own system. No two records of a kind share one.
 * A system is a name without a colon, so that `system:id` can be told apart.
 */
export const ExternalId = z
  .strictObject({
    system: z.string().regex(/^[A-Za-z][\w.-]{0,39}$/, 'a name of letters, digits, dots, dashes and underscores'),
    id: z
      .string()
      .min(1)
      .max(200)
      .regex(/^(?! +$)[ -~\u00a0-\uffff]+$/, 'printable characters, not all blank'),
  })
  .meta({ id: 'ExternalId', example: { system: 'ECCP', id: '12345' } });
export type ExternalId = z.infer<typeof ExternalId>;
