import { Injectable } from '@nestjs/common';
import { within } from '#libs/messaging/away';
import { Ahead, ahead } from './ahead.js';
import { type Asked, HotAnswers } from './hot-answers.js';
import { type Marks, Versions } from './version-cache.js';

/** Answers a request of the public as any other, and keeps what it answered. */
type Render = (asked: Asked) => Promise<unknown>;

/** Whoever waits for what has been written waits no longer than this for answers that are put together before. */
const PATIENCE_MS = 150;

/**
 * Tells what topics have brought. The public answers that are asked for most and would be void by it are put together anew before, so
 * that nobody who asks for them waits for the database. They stand only if nobody else has told anything of what they were read from
 * meanwhile: else they are void like all others.
 */
@Injectable()
export class AnswersAhead {
  private render: Render | null = null;
  /** Some take longer than anybody waits for them: until they have ended none are begun. */
  private rendering = false;

  constructor(
    private readonly versions: Versions,
    private readonly hot: HotAnswers,
  ) {}

  renderBy(render: Render): void {
    this.render = render;
  }

  /** Whether there are any such answers. */
  concern(marks: Marks): boolean {
    return this.render !== null && !this.rendering && this.hot.isBusy(marks);
  }

  /** Resolves when every gateway sees it. */
  async tell(marks: Marks): Promise<void> {
    const { render } = this;
    const answers = render && !this.rendering ? this.hot.spend(marks) : [];
    if (!render || answers.length === 0) return this.versions.raise(marks);
    const own = new Ahead(marks);
    this.rendering = true;
    // One that fails is void: whoever asks for it learns why.
    const all = ahead.run(own, () => Promise.allSettled(answers.map(render)));
    await within(
      PATIENCE_MS,
      all.finally(() => (this.rendering = false)),
    );
    await this.versions.raiseIf(own.close(), marks);
  }
}
