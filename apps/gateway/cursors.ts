import { createHmac } from 'node:crypto';
import { malformed } from './problem.js';

/** Where a page ended: values of the sort keys, and id. */
export type Place = string[];

/** Opaque cursors, signed and bound to their list: a cursor of another filter is refused, and none can be made up. */
export class Cursors {
  constructor(private readonly secret: string) {}

  write(place: Place, bound: string): string {
    const body = Buffer.from(JSON.stringify(place)).toString('base64url');
    return `${body}.${this.mac(body, bound)}`;
  }

  read(cursor: string, bound: string): Place {
    const [body = '', mac = ''] = cursor.split('.');
    if (this.mac(body, bound) !== mac)
      throw malformed('QUERY.CURSOR', 'This cursor does not belong to this list with these filters.', [
        { pointer: '?cursor', message: 'take it from `next` of the page before' },
      ]);
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as Place;
  }

  private mac(body: string, bound: string): string {
    return createHmac('sha256', this.secret).update(`${body}\n${bound}`).digest('base64url').slice(0, 16);
  }
}
