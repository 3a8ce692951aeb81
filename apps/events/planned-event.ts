import type { z } from 'zod';
import { EventRecorded, type PlannedEventRecord, PlannedEventView } from '#libs/contracts/planned-event';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { record, type Sourced, stated } from '#libs/domain/record';
import type { Booked } from './event-booking.js';

/** As it is stored: what was there before some of its fields were has none of them. */
export type PlannedEvent = Omit<z.input<typeof PlannedEventView>, keyof Stamp> & Sourced & Booked;
/** With all its fields. */
export type WholeEvent = Omit<PlannedEventView, keyof Stamp> & Sourced & Booked;

const shape = PlannedEventView.omit({ id: true, version: true, updatedAt: true }).loose();

/** Fields it was stored without are blank. */
export const whole = (event: PlannedEvent): WholeEvent => shape.parse(event);

const blank = { title: null, zone: null, mode: null };

/** Rows of a source may say the very same: each is an event of its own, told apart by its source key alone. */
export function recordEvent(event: PlannedEvent | null, said: PlannedEventRecord, context: Context): Decision<PlannedEvent> {
  const row = { ...said, when: said.when === null ? null : edtfDate(said.when) };
  return record(event, said, context, {
    machine: 'EVENT',
    merge: () => stated<PlannedEvent>(event ?? { ...blank, ...row, state: 'PLANNED', externalIds: [] }, row),
    tell: (next) => EventRecorded.of({ ...next, id: context.id }),
  });
}
