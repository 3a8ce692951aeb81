import { describe, expect, it, jest } from '@jest/globals';
import { Gathering } from './gathering.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('What is written together', () => {
  it('is what comes in one turn, then all that has come meanwhile', async () => {
    const written: number[][] = [];
    const gates: (() => void)[] = [];
    const gathering = new Gathering<number>((items) => {
      written.push(items);
      return new Promise((resolve) => gates.push(resolve));
    });
    const first = [gathering.add([1]), gathering.add([2, 3])];
    await turn();
    const later = [gathering.add([4]), gathering.add([5])];
    expect(written).toEqual([[1, 2, 3]]);
    gates[0]!();
    await Promise.all(first);
    await turn();
    expect(written).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    gates[1]!();
    await Promise.all(later);
  });

  it('waits for what is about to come, where that is worth it', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const written: string[][] = [];
    const gathering = new Gathering<string>(async (items) => void written.push(items), 50);
    const first = gathering.add(['a']);
    await jest.advanceTimersByTimeAsync(49);
    const second = gathering.add(['b']);
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await Promise.all([first, second]);
    expect(written).toEqual([['a', 'b']]);
    jest.useRealTimers();
  });

  it('fails together, and what comes then does not', async () => {
    const gathering = new Gathering<string>(async (items) => {
      if (items.includes('bad')) throw new Error('not written');
    });
    const together = await Promise.allSettled([gathering.add(['good']), gathering.add(['bad'])]);
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(gathering.add(['good'])).resolves.toBeUndefined();
  });
});
