import { z } from 'zod';
import { Fact } from './file-parts.js';
import { FileEcosystem } from './partnership-file.js';
import { Channel, Classifications, Region } from './profile.js';
import { Code, Country, Quantity, Text } from './values.js';

/** What is said about a cluster organisation. */
export const profile = {
  name: z.string().min(1).max(300),
  aliases: z
    .array(
      z.object({
        name: z.string().min(1).max(300),
        origin: Code.nullable().describe('seed: printed in the source; external: from elsewhere'),
      }),
    )
    .max(50),
  fullName: z.string().max(300).nullable(),
  country: Country,
  region: Region.nullable(),
  website: z.string().max(2000).nullable(),
  foundedYear: z.int().min(1).max(9999).nullable(),
  totals: z
    .object({ members: Quantity.nullable(), smes: Quantity.nullable() })
    .describe('as the cluster declares them; null is "not declared", never 0'),
  classifications: Classifications,
  facts: z.array(Fact).max(500).nullable(),
  summary: Text.nullable(),
  ecosystem: FileEcosystem.nullable().describe('its industrial surroundings, section by section'),
};

export const fte = z.number().min(0).max(100_000).nullable().describe('full-time equivalents for its management');
export const memberTypes = z.array(Code).max(20).nullable().describe('reference: cluster-criteria, CLUSTER_MEMBER_TYPES');
export const websiteLanguages = z
  .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))
  .max(50)
  .nullable()
  .describe('BCP 47; what its website can be read in');
export const regionClass = Code.nullable().describe('reference: cluster-criteria, REGION_DEVELOPMENT_CLASSES');

export const Waiver = z
  .strictObject({
    kind: Code.describe('reference: cluster-criteria, CLUSTER_WAIVERS'),
    evidence: z.string().max(2000).nullable().describe('such as the programme that names it'),
  })
  .meta({ id: 'ClusterWaiver' });
export const LegalEntity = z
  .strictObject({
    name: z.string().min(1).max(300),
    form: z.string().max(100).nullable().describe('as in its register, such as e.V.'),
    registration: z.string().max(100).nullable().describe('its number there'),
    country: Country,
  })
  .meta({ id: 'LegalEntity' });
export const ServiceOffered = z
  .strictObject({
    name: Text,
    freeOfCharge: z.boolean().nullable().describe('null: not said'),
    forWhom: z.string().max(300).nullable(),
  })
  .meta({ id: 'ServiceOffered' });

export const services = z.array(ServiceOffered).max(200).nullable();
export const channels = z.array(Channel).max(100).nullable();
export const legalEntity = LegalEntity.nullable();
export const statement = Text.nullable();
