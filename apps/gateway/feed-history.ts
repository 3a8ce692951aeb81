import type { Incoming } from '#libs/messaging/kafka';
import { type Entry, entryOf, LastTold } from './feed-entry.js';

/** Records per piece. What a projector appends twice lies nearer together than that. */
export const PIECE = 500;
const KEPT_BYTES = 16 * 1024 * 1024;

/** Facts of a stretch, and the cursor up to which it was looked through: some records tell nothing new. */
export interface Stretch {
  entries: Entry[];
  reached: number;
}

interface Piece {
  stretch: Promise<Stretch>;
  bytes: number;
}

type Read = (from: number, end: number) => Promise<Incoming[]>;

/**
 * What lies before the window, read from the topic piece by piece. A piece never changes, so those asked for last are kept:
 * whoever pages through all of it has each record read once or twice, not once per page.
 */
export class FeedHistory {
  private readonly pieces = new Map<number, Piece>();
  private bytes = 0;

  constructor(private readonly read: Read) {}

  /** From an offset on, at most to the end of its piece, and not to `below`; `low` is the first offset there is. */
  async from(offset: number, below: number, low: number): Promise<Stretch> {
    const number = Math.floor(offset / PIECE);
    const end = Math.min((number + 1) * PIECE, below);
    const { entries } = await this.piece(number, end, low);
    return { entries: entries.filter(({ cursor }) => cursor >= offset && cursor < end), reached: end - 1 };
  }

  private piece(number: number, end: number, low: number): Promise<Stretch> {
    const known = this.pieces.get(number);
    if (known) {
      this.pieces.delete(number);
      this.pieces.set(number, known);
      return known.stretch;
    }
    const piece: Piece = { stretch: this.load(number * PIECE, end, low), bytes: 0 };
    // The one before the window is not whole yet.
    if (end === (number + 1) * PIECE) this.keep(number, piece);
    return piece.stretch;
  }

  private keep(number: number, piece: Piece): void {
    this.pieces.set(number, piece);
    piece.stretch.then(
      ({ entries }) => {
        piece.bytes = entries.reduce((sum, { frame }) => sum + frame.length, 0);
        this.bytes += piece.bytes;
        for (const oldest of this.pieces.keys()) if (this.bytes > KEPT_BYTES && oldest !== number) this.drop(oldest);
      },
      () => this.drop(number),
    );
  }

  private drop(number: number): void {
    this.bytes -= this.pieces.get(number)?.bytes ?? 0;
    this.pieces.delete(number);
  }

  /** The piece before is read with it: it tells what of this one is repeated. */
  private async load(from: number, end: number, low: number): Promise<Stretch> {
    const records = await this.read(Math.max(from - PIECE, low), end);
    const told = new LastTold();
    const news = records.map(entryOf).filter((entry): entry is Entry => entry !== null && told.isNews(entry));
    return { entries: news.filter(({ cursor }) => cursor >= from), reached: end - 1 };
  }
}
