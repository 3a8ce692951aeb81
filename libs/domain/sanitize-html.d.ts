/** The part of the package we use; its types bring a second parser with them. */
declare module 'sanitize-html' {
  export interface Options {
    readonly allowedTags?: readonly string[];
    readonly allowedAttributes?: Readonly<Record<string, readonly string[]>>;
    readonly allowedSchemes?: readonly string[];
    readonly allowProtocolRelative?: boolean;
  }
  export default function sanitizeHtml(html: string, options?: Options): string;
}
