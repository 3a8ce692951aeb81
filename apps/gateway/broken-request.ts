import type { Socket } from 'node:net';
import { malformed } from './problem.js';
import { responseTrace } from './trace.js';

const reasons: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The headers are larger than they may be.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not come to its end in time.',
};

/** What breaks off before it has become a request is told why, as a problem like all others. */
export function answerBroken({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return;
  const problem = malformed('REQUEST.MALFORMED', reasons[code] ?? 'This is not HTTP.');
  const trace = responseTrace(undefined);
  const body = JSON.stringify(problem.body(trace.slice(3, 35), 'en'));
  const headers = [
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `traceparent: ${trace}`,
    'connection: close',
  ];
  socket.end([`HTTP/1.1 ${problem.status} Bad Request`, ...headers, '', body].join('\r\n'));
}
