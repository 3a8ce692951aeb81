import { z } from 'zod';
import { aggregate } from './message.js';
import { ExchangeSections } from './partnership-file.js';
import { Id, UpdatedAt, Version } from './values.js';

/** What a partnership says of its exchange scheme, as imported: scheme, host organisations, welcome package, stories, alumni. */
export const ExchangeProfileView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    partnership: Id,
    sourceKey: z.string(),
    ...ExchangeSections,
  })
  .meta({ id: 'ExchangeProfile' });
export type ExchangeProfileView = z.infer<typeof ExchangeProfileView>;

export const ExchangeProfileRecord = z.object({ partnership: Id, sourceKey: z.string(), ...ExchangeSections });
export type ExchangeProfileRecord = z.infer<typeof ExchangeProfileRecord>;

export const ExchangeProfile = aggregate('exchange-profile', {
  service: 'exchanges',
  resource: 'exchange-profiles',
  view: ExchangeProfileView,
  fields: ['partnership'],
});

export const RecordExchangeProfile = ExchangeProfile.command('record.v1', ExchangeProfileRecord, ExchangeProfileView, 'UPSERT');
export const ExchangeProfileRecorded = ExchangeProfile.fact('recorded.v1', ExchangeProfileView.omit({ version: true, updatedAt: true }));
