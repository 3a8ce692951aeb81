import { z } from 'zod';
import { Code, Country, Id, Instant, Sha256, Text } from './values.js';

const text = Text.describe('by language');

/** What a strategy is made of, part by part, so that it can be searched and counted; a document has those that it needs. */
export const DocumentParts = z
  .strictObject({
    technologyDomains: z.array(z.strictObject({ field: Code.nullable().describe('reference: technology-fields'), text })).max(100),
    commercialisation: z.array(z.strictObject({ text })).max(100).describe('initiatives'),
    internationalisation: z
      .array(z.strictObject({ text, countries: z.array(Country).max(50) }))
      .max(100)
      .describe('initiatives'),
    priorityMarkets: z
      .array(z.strictObject({ country: Country, text: Text.nullable() }))
      .max(50)
      .describe('third countries; how many there may be is a policy of the partnership'),
    supportMechanisms: z
      .array(z.strictObject({ country: Country, region: z.string().max(100).nullable(), text }))
      .max(100)
      .describe('by regional governments'),
  })
  .partial()
  .meta({ id: 'DocumentParts', example: { priorityMarkets: [{ country: 'CA', text: null }] } });
export type DocumentParts = z.infer<typeof DocumentParts>;

export const DocumentVersion = z
  .object({
    no: z.int().min(1).max(1000),
    state: Code.describe('state-machines: DOCUMENT_VERSION'),
    title: Text,
    text: Text.nullable(),
    parts: DocumentParts,
    files: z.array(Id).max(20).describe('attachments that belong to this version'),
    hash: Sha256.describe('SHA-256 over the canonical JSON (RFC 8785) of number, kind, title, text, parts and the hashes of its files'),
    authors: z.array(z.string()).describe('who has written it: ids that /v1/me tells'),
    submittedAt: Instant.nullable(),
    remarks: z.string().nullable().describe('what is to be changed'),
    consents: z.array(
      z
        .object({ cluster: Id, hash: Sha256, at: Instant, by: z.string().describe('the id that /v1/me tells') })
        .meta({ id: 'DocumentConsent' }),
    ),
    approvedAt: Instant.nullable(),
    supersededAt: Instant.nullable(),
  })
  .meta({ id: 'DocumentVersion' });
export type DocumentVersion = z.infer<typeof DocumentVersion>;
