import type { OutcomeReport } from '#libs/contracts/event-outcomes';
import { OutcomesReported } from '#libs/contracts/planned-event';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { IN_CHARGE } from './event-rules.js';
import { type PlannedEvent, whole } from './planned-event.js';

interface Reporting {
  event: PlannedEvent;
  report: OutcomeReport;
  context: Context;
}

/** What is under way or over has come to something. */
const BEGUN = ['RUNNING', 'HELD', 'EVALUATED'];

const mayReport = rule(
  'EVENT.REPORT_OUTCOMES.ACTOR',
  ({ event: { partnerships }, context: { id, by } }: Reporting) => {
    const roles = rolesTowards(by, { EVENT: [id], PARTNERSHIP: partnerships });
    return roles.some((role) => IN_CHARGE.includes(role))
      ? passed('The event is yours to report on.', { roles })
      : failed('What came of an event is reported by its organiser or by those who run one of its partnerships.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

const hasBegun = rule(
  'EVENT.REPORT_OUTCOMES.STATE',
  ({ event: { state } }: Reporting) =>
    BEGUN.includes(state)
      ? passed('It has begun, or is over.', { state })
      : failed(`The event is ${state}: nothing has come of it yet.`, { state }),
  { kind: 'WRONG_STATE' },
);

const knownCountries = rule('EVENT.REPORT_OUTCOMES.COUNTRY', ({ report: { results } }: Reporting) => {
  const faults = results.flatMap(({ country }, i) =>
    country === null || isCountry(country)
      ? []
      : [{ pointer: `/results/${i}/country`, message: `${country} is not a country of ISO 3166-1.` }],
  );
  return faults.length === 0 ? passed('The countries are known.') : failed('A country is not known.', {}, faults);
});

/** The report as a whole; also of what is evaluated, when more becomes known. */
export function reportOutcomes(event: PlannedEvent | null, report: OutcomeReport, context: Context): Decision<PlannedEvent> {
  const stored = event as PlannedEvent;
  const verdicts = judge([mayReport, hasBegun, knownCountries], { event: stored, report, context });
  const before = whole(stored);
  const next = stated(before, { outcomeReport: report });
  if (next === before) return unchanged(stored, verdicts);
  return { next, facts: [OutcomesReported.of({ ...next, id: context.id })], verdicts };
}
