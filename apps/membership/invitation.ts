import type { z } from 'zod';
import { type AcceptByLink, InvitationSent, type SendInvitation } from '#libs/contracts/membership';
import type { Context, Decision } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { sideOf } from '#libs/domain/membership-sides';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { invited, type Named, withdrawn } from './invited.js';
import type { Membership } from './membership.js';
import { accepting, declining, type Joining } from './membership-move.js';

const isInvited = rule(
  'MEMBERSHIP.SEND_INVITATION.STATE',
  ({ state }: Membership) => (state === 'INVITED' ? passed('It is invited.', { state }) : failed(`It is ${state}.`, { state })),
  { kind: 'WRONG_STATE' },
);

/** Again, or at last: the link before is void from now on. */
export const sendInvitation =
  (named: Named) =>
  (membership: Membership | null, said: z.output<typeof SendInvitation.data>, context: Context): Decision<Membership> => {
    const before = membership as Membership;
    const roles = rolesTowards(context.by, sideOf(before, 'JOINED'));
    const mayInvite = rule(
      'MEMBERSHIP.SEND_INVITATION.ACTOR',
      () => {
        const actors = ['PLATFORM_ADMIN', before.kind === 'CLUSTER_IN_PARTNERSHIP' ? 'PARTNERSHIP_COORDINATOR' : 'CLUSTER_MANAGER'];
        return roles.some((role) => actors.includes(role))
          ? passed('It is yours to invite.', { roles })
          : failed(`It is invited by ${actors.join(', ')}.`, { roles, actors });
      },
      { kind: 'NOT_YOURS' },
    );
    const verdicts = judge([mayInvite, isInvited], before);
    const { invitation, send } = invited(named, said, context);
    const next = { ...before, invitation };
    return { next, facts: [InvitationSent.of({ ...next, id: context.id })], verdicts, sends: [...withdrawn(before), send] };
  };

type ByLink = z.output<typeof AcceptByLink.data>;

/** A link holds once, until its time is over, and while no later one was sent. */
const holds = rule(
  'MEMBERSHIP.LINK.HOLDS',
  ({ before: { invitation }, data: { link }, context: { at, by } }: Move<Membership, ByLink>) => {
    if (by.id !== `link:${link}`) return failed('It is answered by who holds the link.');
    if (invitation?.mail !== link) return failed('The link was used already, or another was sent after it.');
    return at < invitation.expiresAt
      ? passed('The link holds.', { expiresAt: invitation.expiresAt })
      : failed(`The link held until ${invitation.expiresAt}.`, { expiresAt: invitation.expiresAt });
  },
  { kind: 'WRONG_STATE' },
);

/** Whoever holds the link stands for the side that is invited. */
const move = movedBy<Membership>({ machine: machine('MEMBERSHIP'), field: 'state', roles: () => ['COUNTERPARTY'] });

const byLink = (moving: unknown): Moving<Membership, ByLink> => {
  const { guards = [], ...rest } = moving as Moving<Membership, ByLink>;
  return { ...rest, guards: [holds, ...guards] };
};

export const acceptByLink = (known: Joining) => move('accept', byLink(accepting(known)));
export const declineByLink = move('decline', byLink(declining));
