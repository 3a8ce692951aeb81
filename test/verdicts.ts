import type { Body } from './running-house.js';

/** Codes of the rules that stand against it, in the order they were judged. */
export const failing = ({ verdicts }: Body): string[] =>
  verdicts.filter(({ outcome }: Body) => outcome === 'FAILED').map(({ rule }: Body) => rule);

/** The same of an answer as a whole. */
export const failed = ({ body }: { body: Body }): string[] => failing(body);

/** Where in what was sent something is wrong. */
export const pointers = ({ errors }: Body): string[] => errors.map(({ pointer }: Body) => pointer);
