import { z } from 'zod';
import { FileEcosystem } from './partnership-file.js';
import { Code, Id, Text } from './values.js';

/** What the profiles of partnerships and clusters have in common. What a source leaves blank is null, never 0 or "". */

const codes = (vocabulary: string) => z.array(Code).max(500).nullable().describe(`reference: ${vocabulary}; null: left blank`);

export const Classifications = z
  .object({
    sectoralIndustries: codes('sectoral-industries'),
    technologyFields: codes('technology-fields'),
    s3PriorityAreas: codes('s3-priority-areas'),
    emergingIndustries: codes('emerging-industries'),
  })
  .meta({ id: 'Classifications' });
export type Classifications = z.infer<typeof Classifications>;

export const Region = z
  .object({
    code: Code.nullable().describe('NUTS code; null where none is known, or the name stands for no NUTS region'),
    version: z.string().max(20).nullable().describe('the NUTS version the code belongs to'),
    label: z.string().max(300).nullable(),
  })
  .meta({ id: 'Region', example: { code: 'SE12', version: 'NUTS 2021', label: 'Östra Mellansverige' } });
export type Region = z.infer<typeof Region>;

export const Channel = z
  .object({
    kind: z.enum(['WEBSITE', 'SOCIAL', 'ECCP', 'OTHER']),
    label: Text.nullable(),
    url: z.string().max(2000).nullable().describe('null: no address is printed'),
  })
  .meta({ id: 'Channel' });
export type Channel = z.infer<typeof Channel>;

/** The industrial surroundings of one partner cluster, section by section. */
export const Ecosystem = z.object({ ...FileEcosystem.shape, cluster: Id.describe('the partner it surrounds') }).meta({ id: 'Ecosystem' });
export type Ecosystem = z.infer<typeof Ecosystem>;

export const Completeness = z
  .object({ percent: z.int().min(0).max(100), missing: z.array(z.string()).describe('profile fields that are blank') })
  .describe('how much of the profile is filled in');
export type Completeness = z.infer<typeof Completeness>;
