import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { by } from '#libs/testing/actors';
import * as decide from './deliverable.js';

const partnership = '0199f5a0-7c1e-7a44-9d0e-000000000001';
const document = '0199f5a0-7c1e-7a44-9d0e-000000000002';
const bound = (role: string, id = partnership) => by(role, { kind: 'PARTNERSHIP', id });
const at = (who: Actor): Context => ({ id: document, by: who, at: '2026-03-01T09:00:00.000Z', message: 'm' });
const known = (more: Partial<decide.Known> = {}): decide.Known => ({ durationMonths: 24, partners: [], document: null, ...more });
const approved = known({ document: { partnership, approved: true } });

const promised = (more: object = {}, who = bound('PARTNERSHIP_COORDINATOR'), with_ = known()) =>
  decide.promiseDeliverable(with_)(null, { partnership, title: { en: 'Roadmap' }, dueMonth: 12, ...more }, at(who));
const submitted = (with_ = approved) => decide.submitDeliverable(with_)(promised().next, { document }, at(bound('PARTNERSHIP_MANAGER')));

describe('A deliverable', () => {
  it('is promised by a month within the partnership, by those who run it', () => {
    expect(promised().next).toMatchObject({ state: 'PLANNED', dueMonth: 12, submittedAt: null });
    expect(failedRules(() => promised({ dueMonth: 25 }, bound('CLUSTER_MANAGER')))).toEqual([
      'DELIVERABLE.PROMISE.ACTOR',
      'DELIVERABLE.DUE.WITHIN',
    ]);
    expect(promised({ dueMonth: 25 }, undefined, known({ durationMonths: null })).next.dueMonth).toBe(25);
  });

  it('is handed in with a document of the partnership that has an approved version', () => {
    expect(submitted().next).toMatchObject({ state: 'SUBMITTED', document, submittedAt: '2026-03-01T09:00:00.000Z' });
    expect(failedRules(() => submitted(known({ document: { partnership: 'other', approved: false } })))).toEqual([
      'DELIVERABLE.DOCUMENT.OWN',
      'DELIVERABLE.SUBMIT.APPROVED',
    ]);
    expect(failedRules(() => submitted(known()))).toEqual(['DELIVERABLE.DOCUMENT.OWN', 'DELIVERABLE.SUBMIT.APPROVED']);
  });

  it('is accepted by the agency, or returned and handed in again', () => {
    const officer = bound('AGENCY_OFFICER');
    expect(failedRules(() => decide.acceptDeliverable(promised().next, {}, at(bound('PARTNERSHIP_COORDINATOR'))))).toEqual([
      'DELIVERABLE.ACCEPT.ACTOR',
      'DELIVERABLE.ACCEPT.STATE',
    ]);
    const returned = decide.returnDeliverable(submitted().next, { reason: 'No figures.' }, at(officer)).next;
    expect(returned).toMatchObject({ state: 'RETURNED', reason: 'No figures.' });
    const again = decide.submitDeliverable(approved)(returned, {}, at(bound('PARTNERSHIP_MANAGER'))).next;
    expect(decide.acceptDeliverable(again, {}, at(officer)).next).toMatchObject({ state: 'ACCEPTED', reason: null });
    expect(failedRules(() => decide.changeDeliverable(known())(again, { dueMonth: 13 }, at(bound('PARTNERSHIP_COORDINATOR'))))).toEqual([
      'DELIVERABLE.CHANGE.STATE',
    ]);
  });
});
