import { Controller } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { NoteImportStep, StartImport } from '#libs/contracts/import';
import type { Outcome } from '#libs/contracts/message';
import { planComposition } from '#libs/domain/composition-plan';
import { totalsOf } from '#libs/domain/file-totals';
import { sourceId } from '#libs/domain/ids';
import { clusterId, type Existing, type ExistingMembers } from '#libs/domain/import-cluster';
import { addressOf } from '#libs/domain/import-partnership';
import { planImport } from '#libs/domain/import-plan';
import { checkPartnershipFile, type PartnershipFile } from '#libs/domain/partnership-file';
import { Bus, StillPending } from '#libs/messaging/bus';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { Runtime } from '#libs/service/runtime';
import { byName } from './cluster.js';
import { ClusterStore } from './cluster.store.js';
import { noteImportStep, rehearsed, startImport } from './import.js';
import { ImportStore } from './import.store.js';
import { type RowsRead, readContent, readRows } from './import-file.js';
import { membersKnown, membersOf } from './import-members.js';
import { type PlannedRecord, recordedBy } from './import-records.js';
import { type Prepared, workOf } from './import-rules.js';
import { MembershipStore } from './membership.store.js';
import { OrganisationStore } from './organisation.store.js';
import { PartnershipStore } from './partnership.store.js';
import { Uploads } from './uploads.js';

/** Of a dry run, with the services that would take its records. */
const PATIENCE_MS = 20_000;

type Start = Message<typeof StartImport>;

@Controller()
export class ImportMessages {
  private listening: Promise<void> | null = null;

  constructor(
    private readonly imports: ImportStore,
    private readonly partnerships: PartnershipStore,
    private readonly clusters: ClusterStore,
    private readonly memberships: MembershipStore,
    private readonly organisations: OrganisationStore,
    private readonly uploads: Uploads,
    private readonly bus: Bus,
    private readonly runtime: Runtime,
  ) {}

  /** Once it is decided, all that is to be recorded stands in the import: the file has served. */
  @Handle(StartImport)
  async start(message: Start): Promise<Handled> {
    const prepared = await this.prepare(message.data);
    const handled = await this.imports.change(message, startImport(prepared));
    if (!message.dryRun) await this.uploads.drop(message.data.file);
    else if (handled?.status === 'DONE') return this.rehearse(message, handled, workOf(prepared)?.records ?? []);
    return handled;
  }

  @Handle(NoteImportStep)
  noteStep(message: Message<typeof NoteImportStep>) {
    return this.imports.change(message, noteImportStep);
  }

  private async prepare({ file: id, sha256, profile, form = 'JSON', partnership }: Start['data']): Promise<Prepared> {
    const content = await this.uploads.read(id);
    if (form !== 'JSON' && partnership) return this.composition(partnership, profile, await readRows(content, sha256, form));
    const read = readContent(content, sha256);
    if (!read.file || checkPartnershipFile(read.file).errors.length > 0) return { ...read, plan: null, slugOwner: null };
    const { file } = read;
    const slugOwner = await this.partnerships.ownerOf(addressOf(file));
    const there = await this.partnerships.named(file.code, slugOwner);
    const memberships = new Map((await this.memberships.partnersOf(there ?? sourceId(file.code))).map(({ cluster, id }) => [cluster, id]));
    const clusters = await this.clusters.knownIn(totalsOf(file).countries);
    const members = await this.members(file, clusters);
    const existing = { ...clusters, members, partnership: there, membership: (cluster: string) => memberships.get(cluster) ?? null };
    return { ...read, plan: planImport(file, { profile, existing }), slugOwner };
  }

  /** Of organisations in clusters; a file that names none costs no query. */
  private async members(file: PartnershipFile, clusters: Existing): Promise<ExistingMembers> {
    const named = membersOf(file);
    if (named.length === 0) return membersKnown([], []);
    const ids = (file.composition ?? []).map((cluster) => clusterId(cluster, clusters));
    const [found, memberships] = await Promise.all([this.organisations.meantBy(named), this.memberships.membersOf(ids)]);
    return membersKnown(found, memberships);
  }

  /** A list of partners is compared with those the partnership has, and with all clusters its rows may mean. */
  private async composition(id: string, profile: 'PUBLISHED' | 'DRAFT', { rows, unread, faults }: RowsRead): Promise<Prepared> {
    const found = await this.partnerships.get(id);
    const { code, slug } = found?.state ?? { code: '', slug: '' };
    const gone = found ? unread : [{ pointer: '', message: 'The partnership is not there.' }];
    const sound = gone.length === 0 && faults.length === 0;
    const memberships = sound ? await this.memberships.partnersOf(id) : [];
    const clusters = sound ? await this.clusters.meantBy(rows, memberships) : [];
    const now = { partnership: { id, code }, profile, clusters, existing: byName(clusters), memberships };
    const plan = sound ? planComposition(rows, now) : null;
    const composition = { partnership: { partnership: id, code, slug }, plan, faults: [...faults, ...(plan?.faults ?? [])] };
    return { file: null, faults: gone, plan: null, slugOwner: null, composition };
  }

  /** Asks each record's service what would be. Who is away is not waited for: then nothing is answered, and who asked learns that. */
  private async rehearse({ trace }: Start, planned: Outcome, records: readonly PlannedRecord[]): Promise<Handled> {
    const at = this.runtime.clock.iso();
    const by = system('membership', at);
    const ask = ({ kind, id: key, data }: PlannedRecord) =>
      this.bus.ask(recordedBy[kind], { key, by, data, dryRun: true, trace }, PATIENCE_MS);
    const asked = records.filter(({ data }) => data !== null);
    const alone = asked[0]?.kind === 'partnership' ? 1 : 0;
    await this.listen();
    try {
      const leading = await Promise.all(asked.slice(0, alone).map(ask));
      const goesOn = leading.every(({ status }) => status === 'DONE');
      const following = goesOn ? await Promise.all(asked.slice(alone).map(ask)) : [];
      return rehearsed(planned, [...leading, ...following], at);
    } catch (error) {
      if (error instanceof StillPending) return null;
      throw error;
    }
  }

  /** With the first dry run: what is imported in earnest hears of its steps as commands. */
  private listen(): Promise<void> {
    this.listening ??= this.bus.listen().catch((error) => {
      this.listening = null;
      throw error;
    });
    return this.listening;
  }
}
