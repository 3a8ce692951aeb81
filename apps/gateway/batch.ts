import { z } from 'zod';
import type { Outcome } from '#libs/contracts/message';
import { ExternalId } from '#libs/contracts/values';
import type { Answer } from './answer.js';
import { OperationBody, ProblemBody } from './returns.js';

export const MOST_ITEMS = 1000;

/** One write of a batch: a change by `id`, a put by `externalId`, else a new record. */
export const BatchItem = z.strictObject({
  id: z.string().min(1).max(100).optional().describe('changes this record: `body` is a merge patch, and `ifMatch` is needed'),
  externalId: ExternalId.optional().describe('creates or changes the record that has this outside id'),
  ifMatch: z.string().max(100).optional().describe('ETag that was read, or *'),
  body: z.record(z.string(), z.unknown()).describe('what the single write takes'),
});
export type BatchItem = z.infer<typeof BatchItem>;

export const batchOf = (name: string, example: unknown) =>
  z
    .strictObject({ items: z.array(BatchItem).min(1).max(MOST_ITEMS) })
    .meta({ id: `${name}Batch`, example: { items: [{ body: example }] } });

/** What became of each, in the order they were sent in. */
export const batchAnswerOf = (name: string, view: z.ZodType) =>
  z.object({
    items: z.array(
      z
        .object({
          status: z.int().min(200).max(599).describe('what the single write would have been answered with'),
          id: z.string().nullable(),
          etag: z.string().nullable(),
          location: z.string().nullable().describe('201: the record; 202: its operation'),
          body: z.union([view, OperationBody, z.object({ dryRun: z.literal(true) }).loose()]).nullable(),
          problem: ProblemBody.nullable().describe('pointers are within the `body` of the item'),
        })
        .meta({ id: `${name}BatchAnswer` }),
    ),
  });

/** An item's answer as it stands in that of the batch. */
export const itemOf = ({ status, headers, body }: Answer) => ({
  status,
  id: ((body as { id?: string } | null)?.id ?? null) as string | null,
  etag: headers.etag ?? null,
  location: headers.location ?? null,
  body,
  problem: null,
});

export type ItemAnswer = Omit<ReturnType<typeof itemOf>, 'problem'> & { problem: { retryable: boolean; code: string } | null };

export const refusedItem = (problem: { status: number; retryable: boolean; code: string }): ItemAnswer => ({
  status: problem.status,
  id: null,
  etag: null,
  location: null,
  body: null,
  problem,
});

/** Something could not be done now, and would be if it were asked again. */
export const isLasting = (items: readonly ItemAnswer[]): boolean => items.every(({ problem }) => !problem?.retryable);

export const isCreated = ({ changed, version }: Pick<Outcome, 'changed' | 'version'>): boolean => changed && version === 1;
