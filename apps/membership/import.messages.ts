import { Controller } from '@nestjs/common';
import { NoteImportStep, StartImport } from '#libs/contracts/import';
import { totalsOf } from '#libs/domain/file-totals';
import { planImport } from '#libs/domain/import-plan';
import { checkPartnershipFile } from '#libs/domain/partnership-file';
import { Handle, type Message } from '#libs/messaging/handle';
import { Files } from '#libs/persistence/files';
import { ClusterStore } from './cluster.store.js';
import { noteImportStep, startImport } from './import.js';
import { ImportStore } from './import.store.js';
import { type FileRead, readContent } from './import-file.js';
import type { Prepared } from './import-rules.js';
import { PartnershipStore } from './partnership.store.js';

type Start = Message<typeof StartImport>;

@Controller()
export class ImportMessages {
  constructor(
    private readonly imports: ImportStore,
    private readonly partnerships: PartnershipStore,
    private readonly clusters: ClusterStore,
    private readonly files: Files,
  ) {}

  @Handle(StartImport)
  async start(message: Start) {
    return this.imports.change(message, startImport(await this.prepare(message.data)));
  }

  @Handle(NoteImportStep)
  noteStep(message: Message<typeof NoteImportStep>) {
    return this.imports.change(message, noteImportStep);
  }

  private async prepare({ file: id, sha256, profile }: Start['data']): Promise<Prepared> {
    const read = await this.read(id, sha256);
    if (!read.file || checkPartnershipFile(read.file).errors.length > 0) return { ...read, plan: null, slugOwner: null };
    const existing = await this.clusters.knownIn(totalsOf(read.file).countries);
    const plan = planImport(read.file, { profile, existing });
    return { ...read, plan, slugOwner: await this.partnerships.ownerOf(plan.partnership.data.slug) };
  }

  private async read(id: string, sha256: string): Promise<FileRead> {
    const info = await this.files.info(id);
    return readContent(info ? await this.files.get(id) : null, sha256);
  }
}
