import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The key of a secret; null when it is not `whsec_` and the base64 of as many bytes as the policy asks. */
export function keyOf(secret: string, { least, most }: { least: number; most: number }): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null;
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, 'base64');
  return key.toString('base64') === text && key.length >= least && key.length <= most ? key : null;
}

/** The headers of Standard Webhooks: one signature per secret in force, so that none is missed while one is rotated. */
export function signedHeaders(id: string, seconds: number, body: string, keys: readonly Buffer[]): Record<string, string> {
  const sign = (key: Buffer) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': keys.map(sign).join(' ') };
}
