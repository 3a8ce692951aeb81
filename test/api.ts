import createClient, { type Client } from 'openapi-fetch';
import type { paths } from '../openapi.js';
import { promisedFetch } from './answers.js';

/** The gateway by the types of its document: a path or field that is not in it does not compile. */
export type Api = Client<paths>;

export const apiAt = (address: string, token?: string): Api =>
  createClient<paths>({ baseUrl: address, headers: token ? { authorization: `Bearer ${token}` } : {}, fetch: promisedFetch });

/** What was answered; a refusal fails the test that asked. */
export async function told<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (data === undefined) throw new Error(`${response.url} was answered ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

/** Names the record that is meant in the path. */
export const of = (id: string) => ({ params: { path: { id } } });
