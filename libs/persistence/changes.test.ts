import { describe, expect, it } from '@jest/globals';
import type { Message } from '#libs/messaging/handle';
import { Changes } from './changes.js';

interface Seat {
  holder: string;
  email: string;
  notes: string;
}

const seat = (holder: string, notes = ''): Seat => ({ holder, email: `${holder}@example.eu`, notes });
const message = (id: string) =>
  ({
    id,
    type: 'seat.give.v1',
    by: { kind: 'CLIENT', id: 'c1', roles: [], scopes: [], at: '' },
    trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  }) as unknown as Message;

function changes(...states: Seat[]) {
  const all = new Changes<Seat>(['email'], (state, version, updatedAt) => ({ ...state, version, updatedAt }));
  states.forEach((state, i) => {
    all.note({ version: i + 1, state, message: message(`m${i + 1}`), at: '2026-01-01T00:00:00.000Z' });
  });
  return all;
}
const at = '2025-12-31T00:00:00.000Z';
const nothing = { state: null, version: 0, updatedAt: at };

describe('The versions of one write', () => {
  it('are told one by one: who made it, by which command, and what it changed', () => {
    expect(changes(seat('ann'), seat('ben')).versions(nothing)).toEqual([
      expect.objectContaining({
        version: 1,
        change: [
          { pointer: '/holder', after: 'ann' },
          { pointer: '/notes', after: '' },
        ],
      }),
      {
        version: 2,
        at: '2026-01-01T00:00:00.000Z',
        by: { kind: 'CLIENT', id: 'c1' },
        command: 'seat.give.v1',
        message: 'm2',
        trace: '4bf92f3577b34da6a3ce929d0e0e4736',
        change: [{ pointer: '/holder', before: 'ann', after: 'ben' }],
      },
    ]);
  });

  it('hold no personal field', () => {
    expect(JSON.stringify(changes(seat('ann'), seat('ben')).versions(nothing))).not.toContain('@');
  });

  it('begin from the state that was stored', () => {
    const [first] = changes(seat('ann', 'late')).versions({ state: seat('ann'), version: 7, updatedAt: at });
    expect(first!.change).toEqual([{ pointer: '/notes', before: '', after: 'late' }]);
  });

  it('stay small, however much is written', () => {
    const many = Array.from({ length: 200 }, (_, i) => seat('ann', String(i).padEnd(20_000)));
    const told = changes(...many).versions(nothing);
    expect(JSON.stringify(told).length).toBeLessThan(600_000);
    expect(told.map(({ version }) => version)).toEqual(many.map((_, i) => i + 1));
    expect(told.at(-1)!.change).toBeNull();
  });

  it('that were taken back are not told', () => {
    const all = changes(seat('ann'), seat('ben'));
    all.keep(1);
    expect(all.versions(nothing)).toHaveLength(1);
  });
});
