import { Controller } from '@nestjs/common';
import {
  AcceptByLink,
  AcceptMembership,
  ConsentInMembership,
  DeclineByLink,
  DeclineMembership,
  EndMembership,
  FollowClusterInMembership,
  FollowInMembership,
  HandOverCoordination,
  InviteMembership,
  NoteHandOver,
  PromiseCoordination,
  RecordMembership,
  RequestMembership,
  ResumeMembership,
  SendInvitation,
  SettleCoordination,
  SuspendMembership,
} from '#libs/contracts/membership';
import { under } from '#libs/domain/decision';
import { Handle, type Message } from '#libs/messaging/handle';
import { ClusterStore } from './cluster.store.js';
import { consentInMembership, handOverCoordination, noteHandOver, promiseCoordination, settleCoordination } from './coordination.js';
import { acceptByLink, declineByLink, sendInvitation } from './invitation.js';
import type { Named } from './invited.js';
import { recordMembership } from './membership.js';
import { MembershipStore } from './membership.store.js';
import { followClusterInMembership, followInMembership } from './membership-follow.js';
import {
  acceptMembership,
  declineMembership,
  endMembership,
  inviteMembership,
  type Joining,
  requestMembership,
  resumeMembership,
  suspendMembership,
} from './membership-move.js';
import { OrganisationStore } from './organisation.store.js';
import { PartnershipStore } from './partnership.store.js';
import { mailboxOf } from './person.js';
import { PersonStore } from './person.store.js';
import { PoliciesInForce } from './policies.js';

type Side = 'partnership' | 'cluster' | 'organisation';

@Controller()
export class MembershipMessages {
  constructor(
    private readonly memberships: MembershipStore,
    private readonly clusters: ClusterStore,
    private readonly partnerships: PartnershipStore,
    private readonly policies: PoliciesInForce,
    private readonly organisations: OrganisationStore,
    private readonly persons: PersonStore,
  ) {}

  @Handle(RecordMembership)
  record(message: Message<typeof RecordMembership>) {
    return this.memberships.change(message, recordMembership);
  }

  @Handle(InviteMembership)
  async invite(message: Message<typeof InviteMembership>) {
    const { email } = message.data;
    const naming = email === undefined ? undefined : this.namesOf(message.data, email);
    const [others, named] = await Promise.all([this.othersOf(message), naming]);
    return this.memberships.change(message, inviteMembership(others, named));
  }

  @Handle(RequestMembership)
  async request(message: Message<typeof RequestMembership>) {
    return this.memberships.change(message, requestMembership(await this.othersOf(message)));
  }

  @Handle(AcceptMembership)
  async accept(message: Message<typeof AcceptMembership>) {
    const accept = acceptMembership(await this.joining(message.key));
    return this.memberships.change(message, under(await this.policies.current(), accept));
  }

  @Handle(SendInvitation)
  async sendInvitation(message: Message<typeof SendInvitation>) {
    const found = await this.memberships.get(message.key);
    return this.memberships.change(message, sendInvitation(await this.namesOf(found?.state ?? {}, message.data.email)));
  }

  @Handle(AcceptByLink)
  async acceptByLink(message: Message<typeof AcceptByLink>) {
    const accept = acceptByLink(await this.joining(message.key));
    return this.memberships.change(message, under(await this.policies.current(), accept));
  }

  @Handle(DeclineByLink)
  declineByLink(message: Message<typeof DeclineByLink>) {
    return this.memberships.change(message, declineByLink);
  }

  @Handle(DeclineMembership)
  decline(message: Message<typeof DeclineMembership>) {
    return this.memberships.change(message, declineMembership);
  }

  @Handle(SuspendMembership)
  suspend(message: Message<typeof SuspendMembership>) {
    return this.memberships.change(message, suspendMembership);
  }

  @Handle(ResumeMembership)
  resume(message: Message<typeof ResumeMembership>) {
    return this.memberships.change(message, resumeMembership);
  }

  @Handle(EndMembership)
  end(message: Message<typeof EndMembership>) {
    return this.memberships.change(message, endMembership);
  }

  @Handle(FollowInMembership)
  async follow(message: Message<typeof FollowInMembership>) {
    const found = await this.memberships.get(message.key);
    const pair = found && { ...found.state, organisation: message.data.to };
    return this.memberships.change(message, followInMembership(pair ? await this.memberships.othersOf(pair, message.key) : []));
  }

  @Handle(ConsentInMembership)
  async consent(message: Message<typeof ConsentInMembership>) {
    const found = await this.memberships.get(message.key);
    const coordinator = found ? await this.coordinatorOf(found.state.partnership) : null;
    return this.memberships.change(message, consentInMembership({ coordinator, version: found?.version ?? 0 }));
  }

  @Handle(HandOverCoordination)
  async handOver(message: Message<typeof HandOverCoordination>) {
    const { to } = message.data;
    const [found, successor] = await Promise.all([this.memberships.get(message.key), this.memberships.get(to)]);
    const coordinator = await this.coordinatorOf(found?.state.partnership ?? null);
    const known = { coordinator, successor: successor && { id: to, membership: successor.state } };
    return this.memberships.change(message, handOverCoordination(known));
  }

  @Handle(PromiseCoordination)
  promise(message: Message<typeof PromiseCoordination>) {
    return this.memberships.change(message, promiseCoordination);
  }

  @Handle(SettleCoordination)
  settle(message: Message<typeof SettleCoordination>) {
    return this.memberships.change(message, settleCoordination);
  }

  @Handle(NoteHandOver)
  noteHandOver(message: Message<typeof NoteHandOver>) {
    return this.memberships.change(message, noteHandOver);
  }

  private async coordinatorOf(partnership: string | null): Promise<string | null> {
    const found = partnership ? await this.partnerships.get(partnership) : null;
    return found?.state.coordinator?.cluster ?? null;
  }

  @Handle(FollowClusterInMembership)
  async followCluster(message: Message<typeof FollowClusterInMembership>) {
    const found = await this.memberships.get(message.key);
    const pair = found && { ...found.state, cluster: message.data.to };
    return this.memberships.change(message, followClusterInMembership(pair ? await this.memberships.othersOf(pair, message.key) : []));
  }

  /** What mails call those whom it joins. */
  private async namesOf({ partnership, cluster, organisation }: Partial<Record<Side, string | null>>, email: string): Promise<Named> {
    const [ofPartnership, ofCluster, ofOrganisation, person] = await Promise.all([
      partnership ? this.partnerships.get(partnership) : null,
      cluster ? this.clusters.get(cluster) : null,
      organisation ? this.organisations.get(organisation) : null,
      organisation ? this.persons.ownerOf(mailboxOf(organisation, email)) : null,
    ]);
    return {
      partnership: ofPartnership?.state.name ?? null,
      cluster: ofCluster?.state.name ?? '',
      organisation: ofOrganisation?.state.name ?? null,
      language: (person && (await this.persons.get(person))?.state.language) ?? null,
    };
  }

  /** Should two begin at once, the store refuses the second. */
  private othersOf({ key, data }: Message<typeof InviteMembership | typeof RequestMembership>) {
    const { cluster, partnership = null, organisation = null } = data;
    return this.memberships.othersOf({ cluster, partnership, organisation }, key);
  }

  /** Who joins what never changes; the cluster and the partnership are as they stand now. */
  private async joining(id: string): Promise<Joining> {
    const found = await this.memberships.get(id);
    if (!found) return { cluster: null, call: null, others: [] };
    const { cluster, partnership } = found.state;
    const [others, clusterNow, partnershipNow] = await Promise.all([
      this.memberships.othersOf(found.state, id),
      this.clusters.get(cluster),
      partnership ? this.partnerships.get(partnership) : null,
    ]);
    return { others, cluster: clusterNow?.state ?? null, call: partnershipNow?.state.call ?? null };
  }
}
