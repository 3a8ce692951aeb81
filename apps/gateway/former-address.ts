import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer } from './answer.js';
import { reading } from './reading.js';

/** Leads from a slug that a record had before to the one it has, with all that follows in the path; only who may see the record is led. */
@Injectable()
export class FormerAddress implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const store = context.getType() === 'http' ? reading.getStore() : undefined;
    if (!store) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { id } = request.params as { id?: string };
    return next.handle().pipe(map((result) => (store.moved && store.moved.from === id ? leadTo(store.moved.to, request) : result)));
  }
}

function leadTo(slug: string, { url, routeOptions }: FastifyRequest): Answer {
  const [, query] = url.split('?', 2);
  const location = `${routeOptions.url?.replace(':id', encodeURIComponent(slug))}${query === undefined ? '' : `?${query}`}`;
  return new Answer(308, { location }, { location });
}
