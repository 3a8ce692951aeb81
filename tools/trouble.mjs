/** What a person must know and can do something about: shown as one sentence, without a stack. */
export class Trouble extends Error {
  /**
   * @param {string} sentence what is wrong and the way out
   * @param {string} [details] lines of a log or of a tool's output, shown below
   */
  constructor(sentence, details = '') {
    super(details ? `${sentence}\n${details}` : sentence);
    this.name = 'Trouble';
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function told(error) {
  if (error instanceof Trouble) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
