import { Injectable } from '@nestjs/common';
import type { ClusterView } from '#libs/contracts/cluster';
import type { DeliverableView } from '#libs/contracts/deliverable';
import type { MembershipView } from '#libs/contracts/membership';
import { type EdtfDate, endAfter } from '#libs/domain/edtf-date';
import { figure, type Quantity } from '#libs/domain/quantity';
import { waitsFor } from '#libs/domain/waiting-list';
import { Together } from '#libs/service/together';
import { MeetingSides } from './meeting-sides.js';
import { ReadModels } from './read-models.js';
import type { View } from './resources.js';
import { ApiKeyShown, CalendarTokenShown, ClientShown } from './shown.js';

/** Who waits for a seat of an event. */
interface Waiting {
  id: string;
  order: number;
}

/** Partner clusters and their memberships, both in the order of the composition. */
interface Partners {
  clusters: ClusterView[];
  memberships: MembershipView[];
}

type Present = (views: View[]) => Promise<unknown[]>;

interface Stated {
  declared: Quantity | null;
  target: Quantity | null;
}

/** Puts views into the form of the contract; what is joined at reading is joined here. */
@Injectable()
export class Presenters {
  private readonly special: Record<string, Present> = {
    partnerships: (views) => this.partnerships(views),
    registrations: (views) => Promise.all(views.map((view) => this.registration(view))),
    deliverables: (views) => this.deliverables(views),
    meetings: (views) => this.sides.meetings(views),
    clients: async (views) => views.map((view) => ClientShown.parse(view)),
    'calendar-tokens': async (views) => views.map((view) => CalendarTokenShown.parse(view)),
    'api-keys': async (views) => views.map((view) => ApiKeyShown.parse(view)),
  };

  private readonly queues: Together<Waiting[]>;
  private readonly sides: MeetingSides;

  constructor(private readonly models: ReadModels) {
    this.sides = new MeetingSides(models);
    this.queues = new Together((events) => this.waiting(events));
  }

  all(resource: string, views: View[]): Promise<unknown[]> {
    return this.special[resource]?.(views) ?? Promise.resolve(views);
  }

  async of(resource: string, view: View): Promise<unknown> {
    const [body] = await this.all(resource, [view]);
    return body;
  }

  /** As its own command has just left it. What the decision says of the list is exact, while others ahead may not be readable yet. */
  async changed(resource: string, view: View): Promise<unknown> {
    return resource === 'registrations' ? view : this.of(resource, view);
  }

  /** Active partner clusters of a partnership, in the order of its composition. */
  async composition(partnership: string): Promise<Partners> {
    return (await this.compositions([partnership])).get(partnership)!;
  }

  /** Of many partnerships at once: a page of them is put together by one look at the memberships and one at the clusters. */
  private async compositions(partnerships: readonly string[]): Promise<Map<string, Partners>> {
    const found = (await this.models.whereAny('memberships', 'partnership', partnerships)) as unknown as MembershipView[];
    const active = found.filter((m) => m.kind === 'CLUSTER_IN_PARTNERSHIP' && m.state === 'ACTIVE');
    const byPartnership = Map.groupBy(active, (m) => m.partnership);
    const views = await this.models.byIds('clusters', [...new Set(active.map((m) => m.cluster))]);
    const clusterOf = new Map(views.map((view) => [view.id, view as unknown as ClusterView]));
    return new Map(
      partnerships.map((id) => {
        const memberships = (byPartnership.get(id) ?? []).sort((a, b) => (a.no ?? 0) - (b.no ?? 0));
        const clusters = [...new Set(memberships.map((m) => m.cluster))].flatMap((cluster) => clusterOf.get(cluster) ?? []);
        return [id, { clusters, memberships }];
      }),
    );
  }

  /** Place and reason on the waiting list follow from who else waits, and from what is free. */
  private async registration(view: View): Promise<View> {
    if (view.state !== 'WAITLISTED') return view;
    const event = String(view.event);
    await this.models.noted('registrations', 'event', event);
    const [queue, [ledger]] = await Promise.all([this.queues.get(event), this.models.byIds('seat-ledgers', [event])]);
    const ahead = (queue ?? []).filter(({ id, order }) => id !== view.id && order < Number(view.order));
    return { ...view, position: ahead.length + 1, waitsFor: waitsFor((view.persons as unknown[]).length, Number(ledger?.free ?? 0)) };
  }

  private async waiting(events: readonly string[]): Promise<Map<string, Waiting[]>> {
    const found = await this.models.brief('registrations', { event: { $in: [...events] }, state: 'WAITLISTED' }, ['event', 'order']);
    return Map.groupBy(found as unknown as (Waiting & { event: string })[], ({ event }) => event);
  }

  /** By which day each is due follows from when its partnership began. */
  private async deliverables(views: View[]): Promise<unknown[]> {
    const partnerships = await this.models.byIds('partnerships', [...new Set(views.map(({ partnership }) => String(partnership)))]);
    const starts = new Map(partnerships.map(({ id, start }) => [id, start as EdtfDate | null]));
    return views.map((view) => ({ ...view, ...dueOf(view as never, starts.get(String(view.partnership)) ?? null) }));
  }

  private async partnerships(views: View[]): Promise<unknown[]> {
    const compositions = await this.compositions([...new Set(views.map(({ id }) => id))]);
    return views.map((view) => withFigures(view, compositions.get(view.id)!));
  }
}

/** Declared and target as stated; computed from the composition as it is now, of a published partnership as the public sees it. */
function withFigures(view: View, { clusters: all, memberships }: Partners): View {
  const isPublished = (view.draftOf ?? view.profile) === 'PUBLISHED';
  const clusters = all.filter(({ profile }) => !isPublished || profile === 'PUBLISHED');
  const counted = new Set(clusters.map(({ id }) => id));
  const stated = view.figures as Record<string, Stated>;
  const parts: Record<string, (number | null)[]> = {
    partners: memberships.filter(({ cluster }) => counted.has(cluster)).map(() => 1),
    members: clusters.map((c) => c.totals.members?.value ?? null),
    smes: clusters.map((c) => c.totals.smes?.value ?? null),
  };
  const figures = Object.fromEntries(
    Object.entries(stated).map(([name, { declared, target }]) => [name, figure({ declared, target, parts: parts[name] ?? [] })]),
  );
  return { ...view, figures };
}

/** The last day of the month that was promised; where the month of the beginning is not known for certain, neither is this. */
function dueOf({ dueMonth, submittedAt }: Pick<DeliverableView, 'dueMonth' | 'submittedAt'>, start: EdtfDate | null) {
  const isCertain = start !== null && start.earliest.slice(0, 7) === start.latest.slice(0, 7);
  const due = isCertain ? endAfter(start, dueMonth).latest : null;
  return { due, late: due === null || submittedAt === null ? null : submittedAt.slice(0, 10) > due };
}
