import { z } from 'zod';
import { Code, Text } from './values.js';

/** What sections of a partnership file are made of. A section may be missing or null; inside a section missing and blank are the same. */
export const section = <T extends z.ZodType>(schema: T) => schema.nullish();
export const blank = <T extends z.ZodType>(schema: T) => schema.nullish().default(null);
export const list = <T extends z.ZodType>(item: T, max = 500) => z.array(item).max(max);
export const row = z.strictObject;
export const parts = <K extends string, T extends z.ZodType>(names: readonly K[], part: T) =>
  section(z.partialRecord(z.enum(names), part.nullable()));

export const Name = z.string().trim().min(1).max(300);
export const Acronym = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._&+-]{0,59}$/u, 'up to 60 letters, digits, spaces and . _ & + -');
export const Words = z.string().max(2_000);
export const Address = z.string().max(2_000);
export const Origin = blank(Code);
export const Count = z.number().min(0).max(1e15);
export const No = z.int().min(0).max(1e6);
/** Row of a table. */
export const Place = z.int().min(1).max(100_000);
export const Year = z.int().min(1).max(9999);
export const Dated = z.string().max(40).describe('EDTF');
export const Country = Code.describe('ISO 3166-1 alpha-2');
/** A plain string is English; an object keeps its languages. */
export const Prose = z
  .union([z.string().max(20_000), Text])
  .transform((text) => (typeof text === 'string' ? { en: text } : text))
  .pipe(Text);

/** `qualifier` is a code of quantity-qualifiers; null: nothing is printed beside the number. */
export const FileQuantity = row({ value: Count, qualifier: blank(Code), unit: blank(Code), asOf: blank(Dated), asPrinted: blank(Words) });
export const FileTarget = row({ ...FileQuantity.shape, kpi: blank(Code), origin: Origin });
/** The figures of a partnership that may be declared, targeted and computed. */
export const figureNames = ['partners', 'members', 'smes', 'largeCompanies', 'startUps', 'others'] as const;
export const CountOrQuantity = z.union([Count, FileQuantity]);

export const Fact = row({
  metric: Code,
  label: blank(Prose),
  value: z.number(),
  unit: blank(Code),
  qualifier: blank(Code),
  asPrinted: blank(Words),
  year: blank(Year),
  scope: blank(Words),
});
export const link = { url: blank(Address), linkText: blank(Words) };
export const FileLink = row({ text: blank(Prose), ...link });
/** `kind` is needed only where the words do not tell it. */
export const FileChannel = row({ ...FileLink.shape, kind: section(z.enum(['WEBSITE', 'SOCIAL', 'ECCP', 'OTHER'])) });
export const NamedCountry = row({ code: Country, name: blank(Name) });

export const classified = {
  sectoralIndustries: section(list(z.union([Name, row({ name: Name, partners: blank(Count) })]))),
  technologyFields: section(list(z.union([Name, row({ group: Name, field: Name })]))),
  s3PriorityAreas: section(list(z.union([Name, row({ area: Name, subArea: blank(Name) })]))),
  emergingIndustries: section(list(Name)),
};
export const ClassificationCodes = parts(['sectoralIndustries', 'technologyFields', 's3PriorityAreas', 'emergingIndustries'], list(Code));
export const FileClassification = row({ dataFrom: blank(Words), ...classified, codes: ClassificationCodes });

/** A region that no name and code of the list tell in full. */
export const FileRegion = row({ code: blank(Code), version: blank(Words), label: blank(Name) });
export type FileRegion = z.infer<typeof FileRegion>;

/** An organisation that belongs to the cluster. */
export const FileMember = row({
  name: Name,
  type: Code.describe('reference: organisation-types'),
  country: Country,
  city: section(Name),
  website: section(Address),
  externalIds: section(list(row({ system: z.string().min(1).max(50), id: z.string().min(1).max(200) }), 20)).describe('VAT, PIC, …'),
});

export const FileCluster = row({
  no: section(Place),
  name: Name,
  aliases: section(list(row({ name: Name, origin: Origin }), 50)),
  fullName: section(Name),
  country: Country,
  region: section(z.union([Name, FileRegion])),
  nuts1: section(Code),
  nuts2: section(Code),
  website: section(Address),
  foundedYear: section(Year),
  totalMembers: section(CountOrQuantity),
  totalSmes: section(CountOrQuantity),
  ...classified,
  codes: ClassificationCodes,
  facts: section(list(Fact)),
  summary: section(Prose),
  members: section(list(FileMember, 5_000)),
});
