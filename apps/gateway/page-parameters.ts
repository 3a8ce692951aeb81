import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { JsonObject } from './openapi-schemas.js';

interface Filter {
  description: string;
  schema: JsonObject;
}

/** Any of these values. */
export const anyOf = (values?: readonly string[]): JsonObject => ({
  type: 'array',
  items: values ? { type: 'string', enum: [...values] } : { type: 'string', maxLength: 200 },
});

/** What `pageQuery` takes beside the page itself. */
export const Filtered = (filters: Record<string, Filter>) =>
  applyDecorators(
    ...Object.entries(filters).map(([name, { description, schema }]) => ApiQuery({ name, required: false, description, schema })),
  );
