import type { Service } from '#libs/contracts/actor';
import { resources } from './resources.js';

const ofService: Record<Service, string> = {
  gateway: 'Identity',
  membership: 'Membership',
  events: 'Events',
  exchanges: 'Exchanges',
  notifications: 'Notifications',
  worker: 'Worker',
};

/** The chapter of the documentation that a resource's routes stand in. */
export const tagOf = (resource: string): string =>
  resource === 'parked' ? 'Operations' : ofService[resources[resource]!.contract.service];
