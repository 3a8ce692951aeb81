import { describe, expect, it } from '@jest/globals';
import { meetingFigures } from './meeting-figures.js';

const meeting = (state: string, kind: 'C2C' | 'B2B' | 'MIXED' = 'B2B', outcome: 'NONE' | 'FOLLOW_UP' | 'PROJECT' | null = null) => ({
  state,
  kind,
  outcome,
});

describe('Figures of meetings', () => {
  it('count what was wished, agreed, held and missed, and of what was held the kinds and what came of it', () => {
    const open = ['PENDING', 'ACCEPTED', 'SCHEDULED', 'DECLINED', 'EXPIRED', 'CANCELLED', 'NO_SHOW'].map((state) => meeting(state));
    const held = [
      meeting('HELD', 'C2C', 'PROJECT'),
      meeting('HELD', 'B2B', 'FOLLOW_UP'),
      meeting('HELD', 'B2B', 'FOLLOW_UP'),
      meeting('HELD'),
    ];
    expect(meetingFigures([...open, ...held])).toEqual({
      requested: 11,
      agreed: 7,
      held: 4,
      noShows: 1,
      kinds: { B2B: 3, C2C: 1 },
      outcomes: { FOLLOW_UP: 2, PROJECT: 1 },
    });
  });

  it('of an event without are none', () => {
    expect(meetingFigures([])).toEqual({ requested: 0, agreed: 0, held: 0, noShows: 0, kinds: {}, outcomes: {} });
  });
});
