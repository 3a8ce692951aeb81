import { type ExchangeProfileRecord, ExchangeProfileRecorded, type ExchangeProfileView } from '#libs/contracts/exchange-profile';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { recording, stated } from '#libs/domain/record';
import { judge } from '#libs/domain/verdict';

export type ExchangeProfile = Omit<ExchangeProfileView, 'id' | 'version'>;

const blank = { clusterXchange: null, hostOrganisations: null, welcomePackage: null, successStories: null, alumniNetwork: null };

export function recordExchangeProfile(
  profile: ExchangeProfile | null,
  said: ExchangeProfileRecord,
  { id, by }: Context,
): Decision<ExchangeProfile> {
  const verdicts = judge(recording('EXCHANGE_PROFILE'), by);
  const { partnership, sourceKey } = said;
  const next = stated<ExchangeProfile>(profile ?? { ...blank, partnership, sourceKey }, said);
  if (next === profile) return unchanged(profile, verdicts);
  return { next, facts: [ExchangeProfileRecorded.of({ ...next, id })], verdicts };
}
