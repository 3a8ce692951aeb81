import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Where webhooks may go beside public addresses. */
export interface TargetPolicy {
  /** Loopback, also by http: with embedded engines only. */
  loopback: boolean;
  allow: readonly Network[];
}

/** The check at connect time found an address that webhooks must not reach. */
export class TargetRefused extends Error {
  constructor() {
    super('The target is not a public address.');
  }
}

export const networks = (entries: readonly string[]): Network[] => entries.map(network);

/** As the configuration has checked them: addresses written out in full, and networks. */
function network(entry: string): Network {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  const address = ipaddr.parse(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Decimal, octal and short forms are no addresses here: URLs write them out, and a resolver never answers with them. */
const isAddress = (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

/** IANA gives only 2000::/3 to the public internet; what is mapped or tunnelled out of it leads elsewhere. */
const global6: Network = [ipaddr.IPv6.parse('2000::'), 3];

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(global6));
}

export function mayReach(text: string, { loopback, allow }: TargetPolicy): boolean {
  if (!isAddress(text)) return false;
  const address = ipaddr.parse(text);
  if (loopback && address.range() === 'loopback') return true;
  return isPublic(address) || allow.some(([net, bits]) => net.kind() === address.kind() && address.match([net, bits]));
}

/** Why a URL cannot be a target, or null. A name is looked up when it is connected to: what it means may change. */
export function targetFault(text: string, policy: TargetPolicy): string | null {
  if (!URL.canParse(text)) return 'This is not a URL.';
  const url = new URL(text);
  if (url.username || url.password) return 'A target must not carry a name or password.';
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const refused = isAddress(host) ? !mayReach(host, policy) : isLocalName(host) && !mayReach('127.0.0.1', policy);
  if (refused) return 'The target is not a public address.';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && policy.loopback && isLoopback(host))) return null;
  return 'The target must be reached by https.';
}

const isLocalName = (host: string) => host === 'localhost' || host.endsWith('.localhost');
const isLoopback = (host: string) => isLocalName(host) || (isAddress(host) && ipaddr.parse(host).range() === 'loopback');

export type Resolve = (name: string, options: { all: true }) => Promise<LookupAddress[]>;

/**
 * The look-up of a connection: every address of the name is checked, and only what was checked is connected to.
 * So a name that means one thing when it is checked cannot mean another when it is used.
 */
export function guardedLookup(policy: TargetPolicy, resolve: Resolve): LookupFunction {
  return (name: string, options: LookupOptions, answer) => {
    resolve(name, { all: true })
      .then((addresses) => checked(addresses, policy, options))
      .then(
        (addresses) => (options.all ? answer(null, addresses) : answer(null, addresses[0]!.address, addresses[0]!.family)),
        (error) => answer(error, []),
      );
  };
}

function checked(addresses: LookupAddress[], policy: TargetPolicy, { family }: LookupOptions): LookupAddress[] {
  if (!addresses.every(({ address }) => mayReach(address, policy))) throw new TargetRefused();
  const wanted = addresses.filter((each) => (family !== 4 && family !== 6) || each.family === family);
  if (wanted.length === 0) throw new TargetRefused();
  return wanted;
}
