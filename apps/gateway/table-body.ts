import type { FastifyInstance } from 'fastify';
import { forms } from '#libs/tables/forms';
import { malformed } from './problem.js';

/** A table as it was sent: who decides about it reads it. */
export class TableBody {
  constructor(
    readonly content: Buffer,
    readonly type: string,
  ) {}
}

/** Tables are taken by imports only. */
const TAKEN_AT = '/v1/imports';

export function acceptTables(http: FastifyInstance): void {
  for (const type of Object.keys(forms)) {
    http.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
      if (request.routeOptions.url === TAKEN_AT && request.method === 'POST') done(null, new TableBody(body as Buffer, type));
      else done(malformed('BODY.MEDIA_TYPE', 'The content type is not taken here; send application/json.'));
    });
  }
}
