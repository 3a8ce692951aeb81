import { Injectable } from '@nestjs/common';
import type { Outcome } from '#libs/contracts/message';
import type { Tally } from '#libs/contracts/stores';
import type { ExternalId } from '#libs/contracts/values';
import { externalName } from '#libs/domain/external-ids';
import { Tallying } from '#libs/domain/tally';
import { type ReadState, StateReader } from '#libs/messaging/state-reader';
import { type Copy, Views } from '#libs/persistence/views';
import { Runtime } from '#libs/service/runtime';
import { Together } from '#libs/service/together';
import { ahead } from './ahead.js';
import { AnswersAhead } from './answers-ahead.js';
import type { ListQuery } from './list-query.js';
import { ReadRecords } from './read-records.js';
import { reading } from './reading.js';
import { byAggregate, externalWord, indexesOf, resources, type View, valueAt } from './resources.js';
import { Searched } from './searched.js';
import { StateWriter } from './state-writer.js';
import { Versions } from './version-cache.js';
import { listTag } from './view-tags.js';

const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];

/** What has been written is told within this, also where it is held back for answers that are put together before. */
export const TELLING_MS = 250;

/** Of up to 200 records each. */
const PAGES_KEPT = 20;

/** The views all reads are answered from: fed by the state topics, and by each reply before it is answered. */
@Injectable()
export class ReadModels {
  private readonly views = new Map<string, Views<View>>();
  private readonly searched = new Map<string, Searched>();
  private readonly records = new ReadRecords<Copy<View> | null>();
  private readonly joined = new ReadRecords<Copy<View>[]>();
  private readonly pages = new ReadRecords<Copy<View>[]>(PAGES_KEPT);
  private readonly lookUps = new Map<string, Together<Copy<View>>>();
  private readonly reader: StateReader;
  private readonly writer: StateWriter;

  constructor(
    runtime: Runtime,
    private readonly versions: Versions,
    answers: AnswersAhead,
  ) {
    const { house, kafka, park, log } = runtime;
    for (const [name, resource] of Object.entries(resources)) {
      const views = new Views<View>(house.db, `view_${name}`, indexesOf(resource), resource.many);
      this.views.set(name, views);
      if (resource.many) this.searched.set(name, new Searched(name, views, versions));
    }
    this.writer = new StateWriter((name) => this.of(name), versions, answers);
    this.reader = new StateReader('gateway.views', SERVICES, (records) => this.writer.published(records), kafka, park, log);
    runtime.before.push(() => this.open());
    // Before Redis is let go: what was written last is told.
    runtime.after.unshift(() => this.reader.stop());
    runtime.health.add('read models', async () => {
      if (!(await this.reader.caughtUp())) throw new Error('still catching up');
    });
  }

  /** One view, or null; by id, or by slug where the resource has one: by the one it has, else by one it or a record merged into it had. */
  async get(name: string, idOrSlug: string): Promise<View | null> {
    const byId = await this.byIds(name, [idOrSlug]);
    if (byId[0]) return byId[0];
    return (await this.bySlug(name, idOrSlug)) ?? (resources[name]?.merges ? this.mergedFrom(name, idOrSlug) : null);
  }

  private async bySlug(name: string, slug: string): Promise<View | null> {
    if (!resources[name]?.filters.slug) return null;
    const [found] = await this.where(name, { slug });
    return found ?? this.formerly(name, slug);
  }

  private async formerly(name: string, slug: string): Promise<View | null> {
    const [copy] = await this.of(name).where({ 'view.formerSlugs': slug });
    const store = reading.getStore();
    if (copy && store) store.moved = { from: slug, to: String(copy.view.slug) };
    return copy ? viewOf(copy) : null;
  }

  /** The record that one of this id was merged into. */
  private async mergedFrom(name: string, id: string): Promise<View | null> {
    await this.note([`${name}:*`]);
    const [copy] = await this.of(name).where({ 'view.formerIds': id });
    const store = reading.getStore();
    if (copy && store) store.moved = { from: id, to: copy._id };
    return copy ? viewOf(copy) : null;
  }

  async byIds(name: string, ids: string[]): Promise<View[]> {
    const tags = ids.map((id) => `${name}:${id}`);
    const read = async (places: readonly number[]) => {
      const found = await this.lookUpsOf(name).all(places.map((at) => ids[at]!));
      return places.map((at) => found.get(ids[at]!) ?? null);
    };
    const copies = await this.records.all(tags, await this.tokens(tags), read);
    return copies.flatMap((copy) => (copy ? [viewOf(copy)] : []));
  }

  /** Those that have one of these outside ids, each by the id it was found by. */
  async byExternalIds(name: string, ids: readonly ExternalId[]): Promise<Map<string, View>> {
    await this.note([`${name}:*`]);
    const found = ids.length > 0 ? await this.of(name).where({ words: { $in: ids.map(externalWord) } }) : [];
    return new Map(
      found.flatMap((copy) =>
        (copy.view.externalIds as ExternalId[]).map((externalId) => [externalName(externalId), viewOf(copy)] as const),
      ),
    );
  }

  /** All views whose fields hold these values, in order of id. */
  async where(name: string, fields: Record<string, string>): Promise<View[]> {
    await this.note(Object.entries(fields).map(([field, value]) => listTag(name, field, value)));
    const filter = Object.fromEntries(Object.entries(fields).map(([field, value]) => [`view.${resources[name]!.filters[field]}`, value]));
    const found = await this.of(name).where(filter);
    return found.map(viewOf).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** All views of which a field holds one of these values, in order of id. */
  async whereAny(name: string, field: string, values: readonly string[]): Promise<View[]> {
    const path = resources[name]!.filters[field]!;
    const tags = values.map((value) => listTag(name, field, value));
    const read = async (places: readonly number[]) => {
      const found = await this.of(name).where({ [`view.${path}`]: { $in: places.map((at) => values[at]) } });
      const byValue = Map.groupBy(found, ({ view }) => String(valueAt(view, path)));
      return places.map((at) => byValue.get(values[at]!) ?? []);
    };
    const keys = values.map((value) => `${name}?${field}=${value}`);
    const found = await this.joined.all(keys, await this.tokens(tags), read);
    return found.flatMap((copies) => copies.map(viewOf)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Whoever is being answered depends on all records that hold this value. */
  async noted(name: string, field: string, value: string): Promise<void> {
    await this.note([listTag(name, field, value)]);
  }

  /** A few fields of the views that hold these values; nobody's answer is said to depend on them. */
  async brief(name: string, values: Record<string, unknown>, fields: readonly string[]): Promise<Record<string, unknown>[]> {
    const filter = Object.fromEntries(Object.entries(values).map(([field, value]) => [`view.${field}`, value]));
    const projection = Object.fromEntries(fields.map((field) => [`view.${field}`, 1]));
    const found = await this.of(name)
      .collection.find(filter as never, { projection })
      .toArray();
    return found.map(({ _id, view }) => ({ ...(view as object), id: String(_id) }));
  }

  /** How many records of each resource hold on to this one: by the filters that are called like it. */
  async naming(name: string, id: string): Promise<Record<string, number>> {
    const reference = resources[name]!.contract.name;
    const holding = Object.values(resources).filter(({ filters, loose }) => filters[reference] && !loose);
    const counts = await Promise.all(
      holding.map(async ({ contract: { resource }, filters }): Promise<[string, number]> => {
        const filter = { [`view.${filters[reference]}`]: id, view: { $ne: null } };
        return [resource, await this.of(resource).collection.countDocuments(filter as never)];
      }),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** A page for a list; the filter is over the stored copy. */
  async page(name: string, filter: Record<string, unknown>, sort: Record<string, 1 | -1>, limit: number): Promise<Copy<View>[]> {
    const read = async () => {
      const found = this.of(name).collection.find({ ...filter, view: { $ne: null } } as never);
      return [(await found.sort(sort).limit(limit).toArray()) as unknown as Copy<View>[]];
    };
    const [copies = []] = await this.pages.all([JSON.stringify([name, filter, sort, limit])], await this.tokens([`${name}:*`]), read);
    return copies;
  }

  /** A page of what a list asks for. */
  async listed(name: string, asked: ListQuery, after: ListQuery['after']): Promise<Copy<View>[]> {
    const max = asked.limit + 1;
    const searched = this.searched.get(name);
    if (!searched || !asked.search) return this.page(name, asked.filter(after), asked.sort, max);
    await this.note([`${name}:*`]);
    const store = reading.getStore();
    if (store) store.ofMemory = true;
    return searched.find(asked.search(after), max);
  }

  /**
   * Which version of many subjects every reader sees, 0 where none is seen; what is known to be at the wanted one is not looked up. What
   * lies in the database may not be told yet: of what is overdue that is done here.
   */
  async versionsOf(name: string, wanted: ReadonlyMap<string, number>, isOverdue: (id: string) => boolean): Promise<Map<string, number>> {
    const versions = new Map([...wanted.keys()].map((id) => [id, this.writer.seen(name, id)]));
    const unsure = () => [...wanted].flatMap(([id, version]) => (versions.get(id)! < version ? [id] : []));
    const asked = unsure();
    const told = await this.versions.versionsTold(asked.map((id) => `${name}:${id}`));
    for (const [place, id] of asked.entries()) versions.set(id, Math.max(versions.get(id)!, told?.[place] ?? 0));
    const overdue = unsure().filter((id) => !told || (isOverdue(id) && !this.writer.isTelling(name, id)));
    for (const [id, version] of await this.tellUntold(name, overdue, versions)) versions.set(id, version);
    return versions;
  }

  /** Those of which the database has a newer version than was told, once that is told. */
  private async tellUntold(name: string, ids: readonly string[], versions: ReadonlyMap<string, number>): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const there = await this.of(name)
      .collection.find({ _id: { $in: ids } } as never, { projection: { version: 1 } })
      .toArray();
    const newer = there.flatMap(({ _id, version }) => (version > versions.get(String(_id))! ? [String(_id)] : []));
    if (newer.length === 0) return new Map();
    const copies = [...(await this.of(name).knownOf(newer)).values()];
    await this.writer.tellFound(name, copies);
    return new Map(copies.map(({ _id, version }) => [_id, version]));
  }

  /** What is read of one kind of aggregate, in figures. */
  async tally(aggregate: string): Promise<Tally> {
    const { contract, contracts } = byAggregate.get(aggregate)!;
    const service = contracts.find(({ name }) => name === aggregate)!.service;
    const ofService = contracts.length > 1 ? { 'view.service': service } : {};
    const found = this.of(contract.resource).collection.find({ view: { $ne: null }, ...ofService } as never, {
      projection: { version: 1 },
    });
    const tallying = new Tallying();
    for await (const { _id, version } of found.sort({ _id: 1 })) tallying.add(String(_id), version);
    return tallying.end();
  }

  /** Waits until these versions, written by other services, can be read here; gives up after two seconds, since they will be. */
  async reach(goals: { resource: string; id: string; version: number }[]): Promise<void> {
    const begun = Date.now();
    for (let left = goals; left.length > 0 && Date.now() < begun + 2000; ) {
      left = await this.behind(left, Date.now() > begun + TELLING_MS);
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  private async behind<G extends { resource: string; id: string; version: number }>(goals: G[], isOverdue: boolean): Promise<G[]> {
    const groups = Map.groupBy(goals, (goal) => goal.resource);
    const found = await Promise.all(
      [...groups].map(async ([resource, group]) => {
        const versions = await this.versionsOf(resource, new Map(group.map(({ id, version }) => [id, version])), () => isOverdue);
        return group.filter((goal) => (versions.get(goal.id) ?? 0) < goal.version);
      }),
    );
    return found.flat();
  }

  /** Shows what a reply brought, on every gateway, before the write is answered. */
  async show(outcome: Outcome): Promise<void> {
    const { aggregate, key: id, version, view, changed, status } = outcome;
    const isGone = view === null && changed && status === 'DONE';
    if (!byAggregate.has(aggregate) || !(isGone || view)) return;
    await this.apply([{ aggregate, id, version, view }]);
  }

  /** Resolves when these can be read on every gateway. */
  apply(records: ReadState[]): Promise<void> {
    return this.writer.replied(records);
  }

  /** The tokens of these tags and the epoch's; where an answer is under way, it depends on them. */
  private async tokens(tags: string[]): Promise<string[] | null> {
    const found = await this.versions.lookup(tags);
    const tokens = found && (ahead.getStore()?.seen(tags, found) ?? found);
    reading.getStore()?.note(tags, tokens);
    return tokens;
  }

  private async note(tags: string[]): Promise<void> {
    if (reading.getStore()) await this.tokens(tags);
  }

  /** Many who ask at once for records of a kind by their ids ask the database together. */
  private lookUpsOf(name: string): Together<Copy<View>> {
    const views = this.of(name);
    const lookUps = this.lookUps.get(name) ?? new Together((ids) => views.byIds(ids));
    this.lookUps.set(name, lookUps);
    return lookUps;
  }

  private of(name: string): Views<View> {
    const views = this.views.get(name);
    if (!views) throw new Error(`no read model ${name}`);
    return views;
  }

  private async open(): Promise<void> {
    for (const views of this.views.values()) await views.ensureIndexes();
    await this.reader.start();
  }
}

const viewOf = (copy: Copy<View>): View => ({ ...copy.view, version: copy.version });
