const TELL_AFTER_MS = 4_000;

process.stdout.on('error', () => {});

/** One line per step, with its seconds; what is fetched from outside is counted apart. */
export class Progress {
  /** @param {{ since?: number, downloads?: number }} [before] of the process we go on from, in milliseconds */
  constructor({ since = Date.now(), downloads = 0 } = {}) {
    this.since = since;
    this.downloads = downloads;
  }

  /** @param {string} text */
  line(text = '') {
    process.stdout.write(`${text}\n`);
  }

  /**
   * @template Result
   * @param {string} what
   * @param {() => Promise<Result>} action
   * @returns {Promise<Result>}
   */
  async step(what, action) {
    const begun = Date.now();
    const waiting = this.#announce(what);
    try {
      const result = await action();
      waiting.end();
      this.line(`  ✓ ${what}  ${seconds(Date.now() - begun)}`);
      return result;
    } catch (error) {
      waiting.end();
      this.line(`  ✗ ${what}  ${seconds(Date.now() - begun)}`);
      throw error;
    }
  }

  /**
   * A step whose time is that of the network, not ours.
   * @template Result
   * @param {string} what
   * @param {() => Promise<Result>} action
   * @returns {Promise<Result>}
   */
  async download(what, action) {
    const begun = Date.now();
    try {
      return await this.step(what, action);
    } finally {
      this.downloads += Date.now() - begun;
    }
  }

  total() {
    const total = Date.now() - this.since;
    return `${seconds(total)} in all: ${seconds(this.downloads)} downloads, ${seconds(total - this.downloads)} ours`;
  }

  /** On a terminal the line stands at once and is overwritten; in a log it is written only when the step takes its time. @param {string} what */
  #announce(what) {
    if (process.stdout.isTTY) {
      process.stdout.write(`  … ${what}\r`);
      return { end: () => process.stdout.write('\x1b[2K') };
    }
    const timer = setTimeout(() => this.line(`  … ${what}`), TELL_AFTER_MS);
    return { end: () => clearTimeout(timer) };
  }
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
