import { Injectable } from '@nestjs/common';
import type { Attaching, Attachment, Detaching } from '#libs/contracts/attachment';
import type { Handled, Message } from '#libs/messaging/handle';
import { Files } from '#libs/persistence/files';

/** Files come before the command that names them, to be swept unless a record takes them. */
@Injectable()
export class Attached {
  constructor(private readonly files: Files) {}

  /** `decide` is told whether the file is there; what the record has taken is kept. A dry run puts no file. */
  async keeping(message: Message & { data: Attaching }, decide: (there: boolean) => Promise<Handled>): Promise<Handled> {
    const { data, dryRun } = message;
    const found = dryRun || data.type === null ? null : await this.files.info(data.file);
    const handled = await decide(dryRun || data.type === null || found?.sha256 === data.sha256);
    const taken = handled?.status === 'DONE' && !dryRun && attachmentsOf(handled.view).some(({ id }) => id === data.file);
    if (taken) await this.files.keep(data.file);
    return handled;
  }

  /** What the record has let go of is dropped; taken anew after a crash, the command drops it then. */
  async letting(message: Message & { data: Detaching }, decide: () => Promise<Handled>): Promise<Handled> {
    const handled = await decide();
    if (handled?.status === 'DONE' && !message.dryRun) await this.files.drop(message.data.attachment);
    return handled;
  }

  /** What went with its record is dropped. */
  async leaving(
    message: Message,
    { attachments }: { attachments: readonly Attachment[] },
    decide: () => Promise<Handled>,
  ): Promise<Handled> {
    const handled = await decide();
    if (handled?.status === 'DONE' && !message.dryRun) for (const { id } of attachments) await this.files.drop(id);
    return handled;
  }
}

const attachmentsOf = (view: unknown): Attachment[] => (view as { attachments?: Attachment[] } | null)?.attachments ?? [];
