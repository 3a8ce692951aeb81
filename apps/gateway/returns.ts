import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Verdict } from '#libs/contracts/values';

export const ProblemBody = z
  .object({
    type: z.string().describe('page that explains it'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string().describe('stable, dotted'),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })),
    verdicts: z.array(Verdict),
    traceId: z.string(),
    retryable: z.boolean(),
  })
  .meta({ id: 'Problem' });

export const OperationBody = z
  .object({
    id: z.string(),
    state: z.enum(['PENDING', 'SUCCEEDED', 'FAILED']),
    result: z.unknown().nullable(),
    problem: z.unknown().nullable(),
  })
  .meta({ id: 'Operation' });

export const pageOf = (item: z.ZodType) => z.object({ items: z.array(item), next: z.string().nullable() });

const json = (status: number, schema: z.ZodType, description: string) =>
  ApiResponse({ status, standardSchema: schema as never, description });

/** What a route answers with when all goes well; problems are the same everywhere. */
export const Returns = (schema: z.ZodType, status = 200, description = 'as asked') =>
  applyDecorators(
    HttpCode(status),
    json(status, schema, description),
    ApiResponse({ status: 'default' as never, standardSchema: ProblemBody as never, description: 'a problem (RFC 9457)' }),
  );

/** A write: its answer, or 202 when its service is away. */
export const Accepts = (schema: z.ZodType, status = 200) =>
  applyDecorators(Returns(schema, status), json(202, OperationBody, 'accepted; carried out when the service returns'));
