import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';

/** As much of a file as its kind is found from. */
const HEAD_BYTES = 1_048_576;

export interface FileContent {
  bytes: number;
  sha256: string;
  /** Media type; null: of no kind that is known. */
  type: string | null;
}

/** Looks at a file while it goes by. More than `most` bytes break it off; what of it is still on its way is let by, so that the answer is heard. */
export function inspecting(source: AsyncIterable<Buffer>, most: number, tooLarge: () => Error) {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  const text = new TextScan();
  let bytes = 0;
  return {
    async *pieces(): AsyncGenerator<Buffer> {
      for await (const piece of source) {
        if (bytes < HEAD_BYTES) head.push(piece);
        bytes += piece.length;
        if (bytes > most) throw tooLarge();
        hash.update(piece);
        text.take(piece);
        yield piece;
      }
    },
    /** Once all has gone by. */
    async found(): Promise<FileContent> {
      const kind = await fileTypeFromBuffer(Buffer.concat(head));
      return { bytes, sha256: hash.digest('hex'), type: kind?.mime ?? (text.isText() ? 'text/plain' : null) };
    },
  };
}

/** Text has no mark of its own: it is UTF-8 from end to end, without control characters but those of lines. */
class TextScan {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private holds = true;

  take(piece: Buffer): void {
    if (this.holds) this.holds = this.reads(() => this.decoder.decode(piece, { stream: true }));
  }

  isText(): boolean {
    return this.holds && this.reads(() => this.decoder.decode());
  }

  private reads(decode: () => string): boolean {
    try {
      return !/[^\P{Cc}\t\n\r\f]/u.test(decode());
    } catch {
      return false;
    }
  }
}
