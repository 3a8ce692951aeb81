import { createHash } from 'node:crypto';

/** What a handler hands back when it is more than a body: status and headers with it. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

/** The same for people in a browser. */
export class Page {
  constructor(
    readonly status: number,
    readonly html: string,
  ) {}
}

/** A view for one reader, with the version its ETag begins with. */
export class Shown {
  constructor(
    /** null: a list. */
    readonly version: number | null,
    readonly body: unknown,
    /** What the ETag stands for, where the body tells something beside that is no part of the record. */
    readonly tagged: unknown = body,
  ) {}
}

/** A text or file that is no JSON, for one reader; told apart by its ETag like a view. */
export class Written {
  constructor(
    readonly type: string,
    readonly text: string | Buffer,
    /** null: of many records. */
    readonly version: number | null,
    readonly headers: Record<string, string> = {},
    /** What the ETag stands for, where the content differs though it says the same. */
    readonly tagged: string | Buffer = text,
  ) {}
}

/** `"<version>.<variant>"`: the variant stands for everything that makes two answers of one version differ. */
export const etagOf = (version: number, bytes: string | Buffer): string => `"${version}.${fingerprint(bytes)}"`;

export const fingerprint = (bytes: string | Buffer): string => createHash('sha1').update(bytes).digest('base64url').slice(0, 12);
