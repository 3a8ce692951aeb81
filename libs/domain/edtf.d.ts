/** The part of the package we use; it brings no types. */
declare module 'edtf' {
  export interface Parsed {
    readonly type: string;
    readonly level: number;
  }
  export function parse(text: string, options?: { readonly level?: 0 | 1 | 2 | 3; readonly types?: readonly string[] }): Parsed;
}
