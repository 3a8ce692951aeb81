import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import { RetryReport } from '#libs/contracts/report';
import { newId } from '#libs/domain/ids';
import { failedRules } from '#libs/domain/verdict';
import { noteDone, request, retry } from './report.js';

const id = newId();
const coordinator: Actor = { kind: 'CLIENT', id: 'client-1', roles: [], scopes: [], at: '2026-11-22T10:00:00.000Z' };
const at = (time: string, by: Actor = system('worker', time)) => ({ id, by, at: time, message: 'm' });
const NOW = '2026-11-22T10:00:00.000Z';
const SOON = '2026-11-22T10:00:10.000Z';
const AN_HOUR_ON = '2026-11-22T11:00:00.000Z';
const asked = { kind: 'COMPOSITION' as const, format: 'PDF' as const, parameters: { partnership: newId() } };
const file = { id, name: 'dia.pdf', type: 'application/pdf', bytes: 10, sha256: 'a'.repeat(64) };

const pending = request(null, asked, at(NOW, coordinator)).next;
const done = noteDone(pending, { file, problem: null }, at(SOON)).next;
const nothing = (next: typeof pending) => ({ next, facts: [], verdicts: [] });

describe('A report', () => {
  it('is pending when it is asked for, owned by who asked, with a timer should its job be lost', () => {
    const decision = request(null, asked, at(NOW, coordinator));
    expect(decision.next).toEqual({
      ...asked,
      rights: { roles: coordinator.roles, scopes: [] },
      state: 'PENDING',
      progress: 0,
      owner: 'client-1',
      requestedAt: NOW,
      endedAt: null,
      file: null,
      problem: null,
    });
    expect(decision.due).toEqual({ at: SOON, command: RetryReport });
    expect(decision.verdicts).toEqual([expect.objectContaining({ rule: 'REPORT.REQUEST.ACTOR', outcome: 'PASSED' })]);
  });

  it('is not made for strangers', () => {
    expect(failedRules(() => request(null, asked, at(NOW, { ...coordinator, kind: 'PUBLIC' })))).toEqual(['REPORT.REQUEST.ACTOR']);
  });

  it('is tried again until it is done', () => {
    expect(retry(pending, {}, at(SOON))).toEqual({ ...nothing(pending), due: { at: '2026-11-22T10:00:20.000Z', command: RetryReport } });
    expect(retry(done, {}, at(SOON))).toEqual(nothing(done));
  });

  it('fails when it could not be made within an hour', () => {
    const decision = retry(pending, {}, at(AN_HOUR_ON));
    expect(decision.next).toMatchObject({
      state: 'FAILED',
      progress: 0,
      problem: 'The report could not be made within 60 minutes.',
      endedAt: AN_HOUR_ON,
    });
    expect(decision.due).toBeNull();
  });

  it('is ready with its file, told without owner and parameters, and done once', () => {
    const decision = noteDone(pending, { file, problem: null }, at(SOON));
    expect(decision.next).toMatchObject({ state: 'SUCCEEDED', progress: 100, file, endedAt: SOON });
    expect(decision.facts).toEqual([
      {
        type: 'report.ready.v1',
        data: {
          id,
          kind: 'COMPOSITION',
          format: 'PDF',
          state: 'SUCCEEDED',
          progress: 100,
          requestedAt: NOW,
          endedAt: SOON,
          file,
          problem: null,
        },
      },
    ]);
    expect(noteDone(done, { file: { ...file, bytes: 11 }, problem: null }, at(AN_HOUR_ON))).toEqual(nothing(done));
    expect(noteDone(done, { file: null, problem: 'too late' }, at(AN_HOUR_ON))).toEqual(nothing(done));
  });

  it('says why it failed, and tells nobody that it is ready', () => {
    const decision = noteDone(pending, { file: null, problem: 'There is no partnership x.' }, at(SOON));
    expect(decision.next).toMatchObject({ state: 'FAILED', problem: 'There is no partnership x.', file: null });
    expect(decision.facts).toEqual([]);
    expect(decision.due).toBeNull();
  });
});
