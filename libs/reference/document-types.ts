import file from './data/document-types.json' with { type: 'json' };

/** A kind of agreement or document. */
export interface DocumentType {
  readonly code: string;
  readonly name: string;
  readonly needsSignatures: boolean;
  /** A kind of agreement; else a document. */
  readonly agreementKind?: boolean;
  /** Belongs to an exchange. */
  readonly ofExchange?: boolean;
  /** Not every party signs. */
  readonly oneSideSigns?: boolean;
}

const byCode = new Map<string, DocumentType>(file.items.map((each) => [each.code, each]));

/** By its code; undefined when there is none. */
export function documentType(code: string): DocumentType | undefined {
  return byCode.get(code);
}
