import { Injectable } from '@nestjs/common';
import { Files } from '#libs/persistence/files';
import { Runtime } from '#libs/service/runtime';

/** A command waits in its topic for seven days at most: a file without one by then is nobody's. */
const KEPT_MS = 8 * 86_400_000;
const SWEEP_MS = 3_600_000;

/** The files of imports, which are there from the request until its command is decided. */
@Injectable()
export class Uploads {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly files: Files,
    private readonly runtime: Runtime,
  ) {
    runtime.before.push(async () => this.start());
    runtime.after.push(async () => clearInterval(this.timer ?? undefined));
  }

  /** null: it is not there, or has just been dropped by who decided the same command. */
  async read(id: string): Promise<Buffer | null> {
    if (!(await this.files.info(id))) return null;
    return this.files.get(id).catch(async (error) => {
      if (await this.files.info(id)) throw error;
      return null;
    });
  }

  drop(id: string): Promise<void> {
    return this.files.drop(id);
  }

  /** By the clock of the machine, as files are dated by it. */
  private async sweep(): Promise<void> {
    const dropped = await this.files.sweep(new Date(Date.now() - KEPT_MS));
    if (dropped > 0) this.runtime.log.info({ dropped }, 'Files that nobody waits for are gone');
  }

  private start(): void {
    const sweep = () => void this.sweep().catch((error) => this.runtime.log.warn({ error: String(error) }, 'Files not swept'));
    sweep();
    this.timer = setInterval(sweep, SWEEP_MS);
  }
}
