import { Refusal } from '#libs/domain/verdict';
import type { Message } from '#libs/messaging/handle';
import type { Stored } from './document.js';

/** Before any rule of the domain: whether the aggregate is there as the command needs it, and at the version the client read. */
export function admit<S>({ contract, expected, key }: Message, name: string, { state, version }: Stored<S>): void {
  const there = state !== null;
  if (!there && contract.creates === undefined) throw Refusal.because('RESOURCE.ABSENT', `There is no ${name} ${key}.`, { kind: 'ABSENT' });
  if (there && contract.creates === 'NEW')
    throw Refusal.because('RESOURCE.THERE', `The ${name} ${key} is there already.`, { kind: 'WRONG_STATE' });
  admitVersion(expected, version);
}

/** `expected`: the version the client has read; null: it does not say. */
export function admitVersion(expected: number | null, version: number): void {
  if (expected !== null && expected !== version)
    throw Refusal.because('RESOURCE.OUTDATED', outdated(expected, version), { kind: 'OUTDATED' });
}

const outdated = (expected: number, version: number) =>
  expected === 0 ? `It is there already, in version ${version}.` : `Version ${expected} was read; it is ${version} now.`;
