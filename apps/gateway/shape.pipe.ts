import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { malformed } from './problem.js';

type Issue = z.core.$ZodIssue;

const escaped = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');
const pointerOf = (path: readonly PropertyKey[]) => path.map((part) => `/${escaped(part)}`).join('');

/** What does not have the contract's shape is 400, with a JSON pointer for each fault. */
export const shapePipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    malformed(
      'BODY.SHAPE',
      'The body does not have the shape this route takes.',
      issues.flatMap((issue) => faults(issue as unknown as Issue)).slice(0, 200),
    ),
});

export function faults(issue: Issue, above: readonly PropertyKey[] = []): { pointer: string; message: string }[] {
  const path = [...above, ...(issue.path ?? [])];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: pointerOf([...path, key]), message: 'this field is not known' }));
  if (issue.code === 'invalid_union') return closest(issue).flatMap((inner) => faults(inner, path));
  return [{ pointer: pointerOf(path), message: issue.message }];
}

/** Of the shapes it could have had, the one it comes nearest to. */
const closest = (issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] =>
  [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
