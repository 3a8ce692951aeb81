import { type ExchangeProfileRecord, ExchangeProfileRecorded, type ExchangeProfileView } from '#libs/contracts/exchange-profile';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { record, type Sourced, stated } from '#libs/domain/record';

export type ExchangeProfile = Omit<ExchangeProfileView, keyof Stamp> & Sourced;

const blank = { clusterXchange: null, hostOrganisations: null, welcomePackage: null, successStories: null, alumniNetwork: null };

export function recordExchangeProfile(
  profile: ExchangeProfile | null,
  said: ExchangeProfileRecord,
  context: Context,
): Decision<ExchangeProfile> {
  const { partnership, sourceKey } = said;
  return record(profile, said, context, {
    machine: 'EXCHANGE_PROFILE',
    merge: () => stated<ExchangeProfile>(profile ?? { ...blank, partnership, sourceKey }, said),
    tell: (next) => ExchangeProfileRecorded.of({ ...next, id: context.id }),
  });
}
