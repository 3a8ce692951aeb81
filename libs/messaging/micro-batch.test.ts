import { describe, expect, it } from '@jest/globals';
import { MicroBatch, type SendBatch } from './micro-batch.js';

const message = (value: string) => ({ key: 'a', value });
const sizes = (requests: Parameters<SendBatch>[0][]) => requests.map((request) => request.flatMap(({ messages }) => messages).length);

function broker({ refuses = () => false }: { refuses?(value: string | null): boolean } = {}) {
  const requests: Parameters<SendBatch>[0][] = [];
  const batch = new MicroBatch(async (request) => {
    requests.push(request);
    const isTooLarge = request.some(({ messages }) => messages.some(({ value }) => refuses(value)));
    if (isTooLarge) throw Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
  });
  return { batch, requests };
}

describe('Messages that are sent', () => {
  it('within one turn go out together, by topic, in order', async () => {
    const { batch, requests } = broker();
    await Promise.all([batch.send('x', [message('1'), message('2')]), batch.send('y', [message('3')]), batch.send('x', [message('4')])]);
    expect(requests.map((request) => request.map(({ topic, messages }) => [topic, ...messages.map(({ value }) => value)]))).toEqual([
      [
        ['x', '1', '2', '4'],
        ['y', '3'],
      ],
    ]);
  });

  it('while a request is under way wait for the next one', async () => {
    const { batch, requests } = broker();
    const first = batch.send('x', [message('1')]);
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, batch.send('x', [message('2')]), batch.send('x', [message('3')])]);
    expect(requests.flat().flatMap(({ messages }) => messages.map(({ value }) => value))).toEqual(['1', '2', '3']);
  });

  it('are split into requests the broker takes', async () => {
    const { batch, requests } = broker();
    await batch.send('x', [message('a'.repeat(400_000)), message('b'.repeat(400_000)), message('c'.repeat(400_000)), message('d')]);
    expect(sizes(requests)).toEqual([2, 2]);
  });

  it('with one that no broker takes still arrive, but for that one', async () => {
    const { batch, requests } = broker({ refuses: (value) => value === 'huge' });
    const outcomes = await Promise.allSettled([
      batch.send('x', [message('1')]),
      batch.send('x', [message('huge')]),
      batch.send('x', [message('2')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes(requests)).toEqual([3, 1, 1, 1]);
  });

  it('of one call fail together from the first that fails on, so that no later one arrives without an earlier one', async () => {
    let requests = 0;
    const batch = new MicroBatch(async () => {
      requests += 1;
      if (requests === 1) throw new Error('no broker');
    });
    const halves = [message('1'.repeat(800_000)), message('2'.repeat(800_000))];
    const [call, other] = await Promise.allSettled([batch.send('x', halves), batch.send('x', [message('3')])]);
    expect([call.status, other.status]).toEqual(['rejected', 'fulfilled']);
    expect(requests).toBe(2);
  });

  it('are all out when they are drained', async () => {
    const sent: (string | null)[] = [];
    const batch = new MicroBatch(async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      sent.push(...request.flatMap(({ messages }) => messages.map(({ value }) => value)));
    });
    void batch.send('x', [message('1')]);
    await new Promise((resolve) => setImmediate(resolve));
    void batch.send('x', [message('2')]);
    await batch.drain();
    expect(sent).toEqual(['1', '2']);
  });

  it('fail when the broker does not take them, and the next ones go on', async () => {
    let down = true;
    const batch = new MicroBatch(async () => {
      if (down) throw new Error('no broker');
    });
    await expect(batch.send('x', [message('1')])).rejects.toThrow('no broker');
    down = false;
    await expect(batch.send('x', [message('2')])).resolves.toBeUndefined();
    await expect(batch.send('x', [])).resolves.toBeUndefined();
  });
});
