import { z } from 'zod';
import { Prose } from './file-parts.js';
import { FileRemark } from './partnership-file.js';
import { identity, sections } from './partnership-sections.js';
import { Classifications } from './profile.js';
import { EdtfText, ExternalId, Quantity, TextPatch } from './values.js';

/** What those who run a partnership may say of it themselves. */

const Declared = z.strictObject(Quantity.shape);
const Stated = z.strictObject({ declared: Declared.nullable(), target: Declared.nullable() }).partial();
const FiguresPatch = z
  .strictObject({ partners: Stated, members: Stated, smes: Stated, largeCompanies: Stated, startUps: Stated, others: Stated })
  .partial()
  .describe('each quantity as a whole; what is computed is never written');

const text = TextPatch.nullable();
const texts = z.array(Prose).max(500).nullable();
/** Part by part: what is not named stays. */
const DescriptionPatch = z
  .strictObject({
    aim: text,
    approach: text,
    learning: text,
    membersTechnologies: z.array(z.string().max(2000)).max(500).nullable(),
    membersTechnologiesEffects: texts,
    effects: texts,
    link: text,
    skills: text,
    improvement: text,
    jointStrategy: text,
    denominator: text,
    jointOutputs: texts,
    sectorReference: text,
  })
  .partial();

/** A missing field stays, null makes it blank (RFC 7396); a list replaces the list. */
const own = {
  acronym: identity.acronym.regex(/\S/, 'not blank').describe('its slug follows from it; the one before still leads to it'),
  name: identity.name.regex(/\S/, 'not blank'),
  longName: sections.longName,
  call: sections.call.describe('reference: partnership-programmes'),
  strand: sections.strand.describe('of its call'),
  start: EdtfText.nullable().describe('EDTF level 0–1'),
  durationMonths: sections.durationMonths,
  previousInitiatives: sections.previousInitiatives,
  countries: sections.countries,
  targetCountries: sections.targetCountries,
  targetCountriesInText: sections.targetCountriesInText,
  operationalManager: sections.operationalManager.describe('as a whole'),
  pillars: sections.pillars,
  aims: z.array(Prose).max(5000).nullable(),
  description: DescriptionPatch.nullable(),
  objectives: sections.objectives,
  addedValue: sections.addedValue,
  benefits: z.array(Prose).max(5000).nullable(),
  figures: FiguresPatch,
  otherActivities: sections.otherActivities,
  strategyTest: sections.strategyTest.describe('as a whole'),
  expectedResults: sections.expectedResults,
  networks: sections.networks,
  intermediaries: sections.intermediaries,
  policyReferences: sections.policyReferences,
  externalPartners: sections.externalPartners,
  channels: sections.channels,
  funding: sections.funding.describe('as a whole'),
  classifications: z.strictObject({ ...Classifications.shape, tags: z.array(z.string().max(100)).max(500) }).partial(),
  remarks: z.array(FileRemark).max(5000).nullable().describe('internal: read by coordinator and platform only'),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const PartnershipPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'PartnershipPatch', example: { durationMonths: 30, externalIds: [{ system: 'ECCP', id: '12345' }] } });
export type PartnershipPatch = z.infer<typeof PartnershipPatch>;

/** A partnership as it begins. */
export const PartnershipDraft = PartnershipPatch.required({ acronym: true, name: true })
  .extend({ programme: identity.programme })
  .meta({ id: 'PartnershipDraft', example: { acronym: 'NORDRAIL', name: 'Railways of the North', programme: 'ESCP-4X' } });
export type PartnershipDraft = z.infer<typeof PartnershipDraft>;

/** The same by an outside id: what a new one needs may be left out of one that is there. */
export const PartnershipPut = PartnershipPatch.extend({ programme: identity.programme.optional() }).meta({
  id: 'PartnershipPut',
  example: { acronym: 'NORDRAIL', name: 'Railways of the North', programme: 'ESCP-4X' },
});
export type PartnershipPut = z.infer<typeof PartnershipPut>;
