import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** From where a request comes, by the peer and what trusted proxies say of theirs. */
export class Addresses {
  private readonly trusted: Network[];

  constructor(proxies: readonly string[]) {
    this.trusted = proxies.map((text) => (text.includes('/') ? ipaddr.parseCIDR(text) : alone(ipaddr.process(text))));
  }

  /** One text per caller: a caller has a whole /64 of IPv6 to choose from. */
  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    const said = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .reverse();
    let address = parsed(socket.remoteAddress);
    for (const hop of this.trusted.length > 0 ? said : []) {
      if (!address || !this.isTrusted(address)) break;
      const before = parsed(hop);
      if (!before) break;
      address = before;
    }
    return address ? grouped(address) : 'unknown';
  }

  private isTrusted(address: Address): boolean {
    return this.trusted.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never));
  }
}

const alone = (address: Address): Network => [address, address.kind() === 'ipv4' ? 32 : 128];

function parsed(text = ''): Address | null {
  const bare = text.trim();
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

const grouped = (address: Address): string =>
  address.kind() === 'ipv4'
    ? address.toString()
    : `${(address as ipaddr.IPv6).parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`;
