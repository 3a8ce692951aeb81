import { Controller } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { NoteImportStep, StartImport } from '#libs/contracts/import';
import type { Outcome } from '#libs/contracts/message';
import { totalsOf } from '#libs/domain/file-totals';
import { planImport } from '#libs/domain/import-plan';
import { checkPartnershipFile } from '#libs/domain/partnership-file';
import { Bus, StillPending } from '#libs/messaging/bus';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { Runtime } from '#libs/service/runtime';
import { ClusterStore } from './cluster.store.js';
import { noteImportStep, rehearsed, startImport } from './import.js';
import { ImportStore } from './import.store.js';
import { readContent } from './import-file.js';
import { type PlannedRecord, recordedBy, recordsOf } from './import-records.js';
import type { Prepared } from './import-rules.js';
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
    else if (handled?.status === 'DONE' && prepared.plan) return this.rehearse(message, handled, recordsOf(prepared.plan));
    return handled;
  }

  @Handle(NoteImportStep)
  noteStep(message: Message<typeof NoteImportStep>) {
    return this.imports.change(message, noteImportStep);
  }

  private async prepare({ file: id, sha256, profile }: Start['data']): Promise<Prepared> {
    const read = readContent(await this.uploads.read(id), sha256);
    if (!read.file || checkPartnershipFile(read.file).errors.length > 0) return { ...read, plan: null, slugOwner: null };
    const existing = await this.clusters.knownIn(totalsOf(read.file).countries);
    const plan = planImport(read.file, { profile, existing });
    return { ...read, plan, slugOwner: await this.partnerships.ownerOf(plan.partnership.data.slug) };
  }

  /** Asks each record's service what would be. Who is away is not waited for: then nothing is answered, and who asked learns that. */
  private async rehearse({ trace }: Start, planned: Outcome, [first, ...others]: PlannedRecord[]): Promise<Handled> {
    const at = this.runtime.clock.iso();
    const by = system('membership', at);
    const ask = ({ kind, id: key, data }: PlannedRecord) =>
      this.bus.ask(recordedBy[kind], { key, by, data, dryRun: true, trace }, PATIENCE_MS);
    await this.listen();
    try {
      const leading = await ask(first as PlannedRecord);
      const following = leading.status === 'DONE' ? await Promise.all(others.map(ask)) : [];
      return rehearsed(planned, [leading, ...following], at);
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
