import type { z } from 'zod';
import { EventPlanned, type PlanEvent, type PutEvent } from '#libs/contracts/planned-event';
import type { Context, Decision } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { changeEvent, formAfter, TEXTS } from './event-change.js';
import { IN_CHARGE, saidRules } from './event-rules.js';
import { dateRules, timed } from './event-times.js';
import { type PlannedEvent, type WholeEvent, whole } from './planned-event.js';

type Plan = z.output<typeof PlanEvent.data>;
type Put = z.output<typeof PutEvent.data>;

/** Nothing is known yet. */
const blank: WholeEvent = whole({
  title: null,
  partnerships: [],
  type: null,
  typeLabel: null,
  targetGroups: null,
  openToSmes: null,
  when: null,
  whenLabel: null,
  zone: null,
  mode: null,
  country: null,
  city: null,
  cityAsPrinted: null,
  state: 'PLANNED',
  no: null,
  sourceKey: null,
  externalIds: [],
});

interface Planning {
  /** As it would be, but for its date. */
  after: WholeEvent;
  patch: Omit<Plan, 'partnerships'>;
  partnerships: readonly string[];
  /** Of these, those the asker may plan for. */
  own: readonly string[];
}

const mayPlan = rule(
  'EVENT.PLAN.ACTOR',
  ({ partnerships, own }: Planning) => {
    if (partnerships.length === 0) return notApplicable('It is not said whose the event is.');
    return partnerships.every((id) => own.includes(id))
      ? passed('The partnerships are yours to plan for.', { partnerships: [...partnerships] })
      : failed('An event is planned by those who run each of its partnerships.', { partnerships: [...partnerships], yours: [...own] });
  },
  { kind: 'NOT_YOURS' },
);

export const planRules = [mayPlan, ...saidRules, ...dateRules];

/** An event begins as an intention: with whatever is known of it. */
export function planEvent(
  _: PlannedEvent | null,
  { partnerships, ...patch }: Plan,
  { id, by }: Context,
  further: readonly Rule<[]>[] = [],
): Decision<PlannedEvent> {
  const own = partnerships.filter((each) => rolesTowards(by, { PARTNERSHIP: [each] }).some((role) => IN_CHARGE.includes(role)));
  const { when, form, ...rest } = patch;
  const after = {
    ...patched<WholeEvent>({ ...blank, partnerships: [...new Set(partnerships)] }, rest, TEXTS),
    form: formAfter(blank, form),
  };
  const verdicts = judge([...planRules, ...further], { after, patch, partnerships, own });
  const next = timed({ ...after, when: when ? edtfDate(when) : null });
  return { next, facts: [EventPlanned.of({ ...next, id })], verdicts };
}

const staysWhoseItIs = (event: PlannedEvent | null, partnerships: readonly string[] | undefined) =>
  rule('EVENT.PUT.PARTNERSHIPS', () => {
    if (!event)
      return partnerships
        ? passed('It says whose the event is.', { partnerships })
        : failed('The event is not there yet: say whose it is.', {}, '/partnerships');
    if (!partnerships) return notApplicable('The event is there, and stays whose it is.');
    const same = new Set(partnerships).size === event.partnerships.length && partnerships.every((id) => event.partnerships.includes(id));
    return same
      ? passed('The event stays whose it is.', { partnerships })
      : failed('An event stays with its partnerships.', { partnerships, stands: event.partnerships }, '/partnerships');
  });

/** The event of an outside system: planned when it is not there yet, else firmed up. Its outside id is among its ids in any case. */
export function putEvent(event: PlannedEvent | null, put: Put, context: Context): Decision<PlannedEvent> {
  const { externalId, partnerships, ...patch } = put;
  const said = { ...patch, externalIds: withId(patch.externalIds ?? event?.externalIds ?? [], externalId) };
  const further = [staysWhoseItIs(event, partnerships)];
  return event
    ? changeEvent(event, said, context, further)
    : planEvent(null, { ...said, partnerships: partnerships ?? [] }, context, further);
}
