import file from './data/cosme-countries.json' with { type: 'json' };
import { policyInForce } from './policies.js';
import { fold } from './spelling.js';

interface CosmeCountry {
  readonly code: string;
  readonly name: string;
  readonly status: string;
  /** null: a dated policy decides */
  readonly eligible: boolean | null;
  readonly alsoWritten?: readonly string[];
  readonly memberStateUntil?: string;
  readonly policy?: string;
}

export interface Eligibility {
  readonly country: string;
  readonly eligible: boolean;
  readonly status: string;
  readonly reason: string;
  /** The policy that decided, where the list leaves it to one. */
  readonly policy: string | null;
}

/** When and under what something is done; the list is keyed to the call first. */
export interface Occasion {
  /** Day, YYYY-MM-DD. */
  readonly on: string;
  readonly call?: string | null;
}

export const cosmeCountries: readonly CosmeCountry[] = file.items;

const byCode = new Map(cosmeCountries.map((country) => [country.code, country]));

/** Whether a country counts as a COSME country on that occasion, and why. */
export function eligibility(country: string, { on, call = null }: Occasion): Eligibility {
  const answer = (eligible: boolean, status: string, reason: string, policy: string | null = null) => ({
    country,
    eligible,
    status,
    reason,
    policy,
  });
  const entry = byCode.get(country);
  if (!entry) return answer(false, 'THIRD_COUNTRY', `${country} is not on the list of COSME countries.`);
  if (!covers({ on, call })) return answer(false, entry.status, `The list of COSME countries does not hold for ${call ?? on}.`);
  if (entry.eligible !== null) return answer(entry.eligible, entry.status, `${entry.name} is on the list of COSME countries.`);
  if (on <= (entry.memberStateUntil ?? ''))
    return answer(true, 'EU_MEMBER_STATE', `${entry.name} was a Member State until ${entry.memberStateUntil}.`);
  const policy = entry.policy === undefined ? undefined : policyInForce(entry.policy, on, call === null ? [] : [call]);
  const reason = policy ? `Policy ${policy.code} of ${policy.owner.code} decides.` : `No policy decides about ${entry.name} on ${on}.`;
  return answer(policy?.value === true, entry.status, reason, policy?.code ?? null);
}

/** `eligibility` without its reasons; a code that is on no list is not eligible. */
export function eligible(country: string, occasion: Occasion): boolean {
  return eligibility(country, occasion).eligible;
}

/** Keyed to the call, whatever the date: what runs under a call of the period goes on under its list. */
function covers({ on, call }: Required<Occasion>): boolean {
  if (call !== null) return file.owner.codes.includes(call);
  return file.validFrom <= on && on <= (file.validTo ?? on);
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Regions that Unicode names but ISO 3166-1 does not assign to a country. XK stays: the EU uses it for Kosovo. */
const noCountries = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));
const isAssigned = (code: string): boolean =>
  // Withdrawn codes and UK are known to Unicode only as aliases of another.
  names.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code && !noCountries.includes(code);

/** The codes assigned by ISO 3166-1 alpha-2, and XK. */
export const countryCodes: ReadonlySet<string> = new Set(pairs.filter(isAssigned));

export function isCountry(code: string): boolean {
  return countryCodes.has(code);
}

export function countryName(code: string): string | undefined {
  if (!isCountry(code)) return undefined;
  return byCode.get(code)?.name ?? names.of(code);
}

const spellings = new Map([...countryCodes].flatMap((code) => spellingsOf(code).map((spelling) => [fold(spelling), code])));

function spellingsOf(code: string): string[] {
  const { name, alsoWritten = [] } = byCode.get(code) ?? { name: code };
  return [code, names.of(code) ?? name, name, ...alsoWritten];
}

/** The country by its code, its English name or a spelling of the seeds, whatever case and accents. */
export function findCountry(text: string): string | undefined {
  return isCountry(text) ? text : spellings.get(fold(text));
}
