import { describe, expect, it } from '@jest/globals';
import { entryOf, itemOf, LastTold, seenBy } from './feed-entry.js';

const dia = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const fact = {
  specversion: '1.0',
  id: '2f1c8f6e-6a0b-5d53-9e0b-7f7f0f6f3a10',
  type: 'event.recorded.v1',
  source: '/events',
  subject: '/v1/events/e1',
  time: '2018-09-12T08:30:00.000Z',
  sequence: '0000000002.000',
  datacontenttype: 'application/json',
  data: { id: 'e1', partnerships: [dia], title: { en: 'Two\nlines\r\n\u2028and a half' } },
};
const record = (value: unknown, offset = 7) => ({
  topic: 'feed',
  partition: 0,
  offset,
  key: 'e1',
  value: typeof value === 'string' ? value : JSON.stringify(value),
  headers: {},
  timestamp: 0,
});
const entry = (value: unknown = fact, offset = 7) => entryOf(record(value, offset))!;

describe('A fact of the feed', () => {
  it('is one event of the stream, whatever line breaks its texts hold', () => {
    const text = entry().frame.toString();
    const [id, event, data, ...rest] = text.split('\n');
    expect([id, event, rest]).toEqual(['id: 7', 'event: event.recorded.v1', ['', '']]);
    expect(JSON.parse(data!.slice('data: '.length))).toEqual({ ...fact, dataschema: '/v1/event-types/event.recorded.v1', cursor: 7 });
  });

  it('is the same as an item of a page', () => {
    expect(JSON.parse(itemOf(entry()).toString())).toMatchObject({ id: fact.id, cursor: 7 });
  });

  it('knows what it has to do with', () => {
    expect(entry()).toMatchObject({ resource: 'events', id: 'e1', names: { partnership: [dia], cluster: [], event: ['e1'] } });
  });

  it('of a kind that cannot be read here belongs to no resource', () => {
    expect(entry({ ...fact, type: 'castle.built.v1' }).resource).toBeNull();
  });

  it.each(['no JSON', 'null', '{}', '[]', JSON.stringify({ ...fact, type: 'two\nlines' })])('is not what reads %j', (text) => {
    expect(entryOf(record(text))).toBeNull();
  });

  it('is written once for all who see the same, and without what is hidden for those who see less', () => {
    expect(seenBy('PUBLIC', entry())).toMatchObject({ cursor: 7 });
    const open = entry();
    expect(seenBy('PUBLIC', open)).toBe(open);
    const withLink = entry({ ...fact, data: { ...fact.data, joinUrl: 'https://partner.example/room' } });
    expect(seenBy('PUBLIC', withLink).frame.toString()).not.toContain('room');
    expect(seenBy('IN_CHARGE', withLink).frame.toString()).toContain('room');
    expect(seenBy('PUBLIC', withLink)).toBe(seenBy('PUBLIC', withLink));
    expect(JSON.parse(itemOf(seenBy('PUBLIC', withLink)).toString())).toMatchObject({ id: fact.id, cursor: 7, data: { id: 'e1' } });
  });
});

describe('What was told last of each subject', () => {
  const of = (subject: string, sequence: string) => ({ subject, sequence });

  it('is above everything told of it before', () => {
    const told = new LastTold();
    expect(told.isNews(of('a', '0000000001.000'))).toBe(true);
    expect(told.isNews(of('a', '0000000001.001'))).toBe(true);
    expect(told.isNews(of('b', '0000000001.000'))).toBe(true);
    expect(told.isNews(of('a', '0000000001.001'))).toBe(false);
    expect(told.isNews(of('a', '0000000001.000'))).toBe(false);
    expect(told.has(of('a', '0000000001.000'))).toBe(true);
    expect(told.has(of('a', '0000000002.000'))).toBe(false);
  });
});
