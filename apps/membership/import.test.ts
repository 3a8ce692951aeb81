import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '#libs/contracts/message';
import type { Decision } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { Refusal } from '#libs/domain/verdict';
import { type Import, MOST_UNDER_WAY, portionsOf, rehearsed } from './import.js';
import { at, carriedOut, dia, id, left, note, outcomeOf, prepared, start, steps } from './import-samples.js';

describe('An import', () => {
  it('records the partnership first and alone', () => {
    const { next, sends, answer } = start();
    expect(sends?.map(({ command, key }) => [command.type, key])).toEqual([['partnership.record.v1', sourceId('DIA')]]);
    expect(answer).toBe('LATER');
    expect(next).toMatchObject({ state: 'RUNNING', items: { length: 21 }, waiting: [{ many: 20 }] });
  });

  it('records all else once the partnership stands', () => {
    const { next, sends } = note(start().next, outcomeOf('0'));
    const types = (sends ?? []).map(({ command }) => command.type);
    expect([...new Set(types)]).toEqual(['cluster.record.v1', 'membership.record.v1', 'event.record.v1']);
    expect(types).toHaveLength(20);
    expect(next.waiting).toEqual([]);
  });

  it('has only so many records under way, however they answer, and comes to its end', () => {
    const first = start().next;
    const many = Array.from({ length: 400 }, (_, place) => ({
      ...(first.items.at(-1) as Import['items'][number]),
      id: sourceId(`${place}`),
    }));
    const items = [...first.items.slice(0, 1), ...many];
    const waiting = portionsOf(many.map((_, place) => ({ step: String(place + 1), data: {} })));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        let now: Decision<Import> = note({ ...first, items, waiting }, outcomeOf('0'));
        const open = steps(now.sends) as string[];
        const sent = new Set(open);
        let most = open.length;
        while (open.length > 0) {
          const [step] = open.splice(choices.next().value % open.length, 1);
          now = note(now.next, outcomeOf(step as string));
          for (const further of steps(now.sends) as string[]) {
            expect(sent.has(further)).toBe(false);
            sent.add(further);
            open.push(further);
          }
          most = Math.max(most, open.length);
        }
        expect(most).toBeLessThanOrEqual(MOST_UNDER_WAY);
        expect(sent.size).toBe(401);
        expect(now.next).toMatchObject({ state: 'DONE', waiting: [], counts: { created: 401 } });
      }),
      { numRuns: 5 },
    );
  });

  it('tells what became of its records in groups, each of which shows nothing before', () => {
    const many = { ...dia, plannedEvents: Array.from({ length: 390 }, (_, no) => ({ ...dia.plannedEvents![0]!, no: no + 1 })) };
    let told = 0;
    let before = start(prepared(many)).next;
    carriedOut(
      start(prepared(many)),
      (step) => outcomeOf(step),
      (now) => {
        const { noted: _, ...shown } = now.next;
        const { noted: __, ...shownBefore } = before;
        if (now.quiet) expect(shown).toEqual(shownBefore);
        else told += 1;
        before = now.next;
      },
    );
    expect(told).toBeLessThan(before.items.length / 20);
    expect(before.counts.created).toBe(before.items.length);
  });

  it('completes the partnership when something was new, then answers', () => {
    const told: string[] = [];
    const some = carriedOut(start(), (step) => {
      told.push(step);
      return step === '7' ? outcomeOf(step) : left(step);
    });
    expect(told.at(-1)).toBe('complete');
    expect(some.next).toMatchObject({ state: 'DONE', endedAt: at, counts: { created: 1, left: 20 } });
    expect(some.settles).toEqual([{ message: 'the message that waits', refusal: null }]);
  });

  it('names the version that the partnership has when it has been told', () => {
    const version = (fate: Partial<Outcome>) =>
      carriedOut(start(), (step) => outcomeOf(step, step === 'complete' ? { version: 7, ...fate } : {})).next.items[0]?.version;
    expect(version({})).toBe(7);
    expect(version({ status: 'FAILED' })).toBe(1);
  });

  it('that brings nothing new tells nobody', () => {
    const told: string[] = [];
    const end = carriedOut(start(), (step) => {
      told.push(step);
      return left(step);
    });
    expect(told).not.toContain('complete');
    expect(end.next).toMatchObject({ state: 'DONE', counts: { created: 0, changed: 0, left: 21, refused: 0 } });
  });

  it('comes to the same end in whatever order its steps answer, and however often', () => {
    const before = note(start().next, outcomeOf('0')).next;
    const places = Array.from({ length: 20 }, (_, place) => String(place + 1));
    const answers = fc.shuffledSubarray([...places, ...places], { minLength: 40, maxLength: 40 });
    const fates = fc.array(fc.constantFrom({}, { changed: false }, { version: 4 }, { status: 'REFUSED' as const }), {
      minLength: 21,
      maxLength: 21,
    });
    fc.assert(
      fc.property(answers, fates, (order, fate) => {
        const inTurn = places.reduce((now, step) => note(now, outcomeOf(step, fate[Number(step)])).next, before);
        const shuffled = order.reduce((now, step) => note(now, outcomeOf(step, fate[Number(step)])).next, before);
        expect(shuffled).toEqual(inTurn);
      }),
    );
  });

  it('completes the partnership once, though the last step answers twice', () => {
    const answered = Array.from({ length: 20 }, (_, place) => String(place));
    const before = answered.reduce((now, step) => note(now, outcomeOf(step)).next, start().next);
    const last = note(before, outcomeOf('20'));
    expect(steps(last.sends)).toEqual(['complete']);
    expect(note(last.next, outcomeOf('20'))).toMatchObject({ next: last.next, facts: [] });
    expect(steps(note(last.next, outcomeOf('20')).sends)).toEqual([]);
  });

  it('names the rows that were refused, with the reason', () => {
    const refusal = { ...Refusal.because('X', 'The name is taken.').toJSON() } as unknown as Outcome['refusal'];
    const end = carriedOut(start(), (step) => (step === '2' ? outcomeOf(step, { status: 'REFUSED', refusal }) : left(step)));
    expect(end.next.items[2]).toMatchObject({ outcome: 'REFUSED', reason: 'The name is taken.', version: null });
    expect(end.next.counts.refused).toBe(1);
  });
});

describe('An import whose partnership is refused', () => {
  const refusal = { ...Refusal.because('PARTNERSHIP.SLUG.UNIQUE', 'Taken.').toJSON() } as unknown as Outcome['refusal'];
  const ended = note(start().next, outcomeOf('0', { status: 'REFUSED', refusal }));

  it('records nothing else and answers with that refusal', () => {
    expect(ended.next).toMatchObject({ state: 'REFUSED', endedAt: at, waiting: [] });
    expect(ended.sends).toBeUndefined();
    expect(ended.settles).toEqual([{ message: 'the message that waits', refusal }]);
  });

  it('stays refused, whatever is heard of it afterwards', () => {
    expect(note(ended.next, outcomeOf('0')).next).toBe(ended.next);
  });
});

describe('A dry run', () => {
  const { next } = start();
  const planned: Outcome = { ...outcomeOf('').outcome, view: { ...next, id, version: 1 } };
  const told = (answer: (place: number) => Partial<Outcome>) =>
    rehearsed(
      planned,
      next.items.map((_, place) => outcomeOf(String(place), answer(place)).outcome),
      at,
    );

  it('tells created from changed by the version that is there', () => {
    const view = { state: 'DONE', dryRun: true, endedAt: at, counts: { created: 11, changed: 10, left: 0, refused: 0 } };
    expect(told((place) => ({ version: place % 2 }))).toMatchObject({ status: 'DONE', changed: true, view });
  });

  it('names the rows that would be refused, and says when nothing would change', () => {
    const refusal = { ...Refusal.because('X', 'The name is taken.').toJSON() } as unknown as Outcome['refusal'];
    const outcome = told((place) => (place === 2 ? { status: 'REFUSED', refusal } : { changed: false, version: 3 }));
    expect(outcome).toMatchObject({ changed: false, view: { counts: { left: 20, refused: 1 } } });
    expect((outcome.view as Import).items[2]).toMatchObject({ outcome: 'REFUSED', reason: 'The name is taken.' });
  });

  it('is refused when the partnership would be', () => {
    const refusal = { ...Refusal.because('PARTNERSHIP.SLUG.UNIQUE', 'Taken.').toJSON() } as unknown as Outcome['refusal'];
    const outcome = rehearsed(planned, [outcomeOf('0', { status: 'REFUSED', refusal }).outcome], at);
    expect(outcome).toMatchObject({ status: 'REFUSED', changed: false, view: null, refusal });
  });
});
