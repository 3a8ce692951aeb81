import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { isAdmin, mayRead, mayWrite } from '#libs/domain/visibility';
import { Problem } from './problem.js';

export interface Policy {
  resource: string;
  access: 'READ' | 'WRITE' | 'ADMIN';
  /** Whether somebody without a token may call it; what is then seen is the views' affair. */
  public: boolean;
  /** For every known caller, whatever the scopes: it is about the caller itself. */
  own?: boolean;
  /** For the platform administrator alone, though it changes nothing. */
  admin?: boolean;
}

export const POLICY = 'policy';

/** Anybody may call it; the views say what is seen. */
export const Open = (resource: string) => SetMetadata(POLICY, { resource, access: 'READ', public: true } satisfies Policy);
/** For known callers whose scopes allow reading the resource. */
export const Reading = (resource: string) => SetMetadata(POLICY, { resource, access: 'READ', public: false } satisfies Policy);
/** For every known caller, whatever the scopes: it is about the caller itself. */
export const Own = (resource: string) => SetMetadata(POLICY, { resource, access: 'READ', public: false, own: true } satisfies Policy);
/** What the platform administrator alone may read. */
export const Overseeing = (resource: string) =>
  SetMetadata(POLICY, { resource, access: 'READ', public: false, admin: true } satisfies Policy);
/** For known callers whose scopes allow writing the resource; who may do what with which record is the service's to judge. */
export const Writing = (resource: string) => SetMetadata(POLICY, { resource, access: 'WRITE', public: false } satisfies Policy);
/** For the platform administrator. */
export const Administering = (resource: string) => SetMetadata(POLICY, { resource, access: 'ADMIN', public: false } satisfies Policy);

/** Nothing is allowed by default: a route without a policy answers nobody. */
@Injectable()
export class PolicyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<Policy | undefined>(POLICY, [context.getHandler(), context.getClass()]);
    if (!policy) throw new Problem('notYours', { code: 'ROUTE.CLOSED', detail: 'This route is open to nobody.' });
    return admitted(policy, context.switchToHttp().getRequest<FastifyRequest>());
  }
}

function admitted(policy: Policy, { actor }: FastifyRequest): boolean {
  if (actor.kind === 'PUBLIC' && !policy.public)
    throw new Problem('unauthenticated', { code: 'AUTH.REQUIRED', detail: 'This needs an access token or API key.' });
  if (policy.own) return true;
  const allowed = policy.access === 'READ' ? mayRead(policy.resource, actor) : mayWrite(policy.resource, actor);
  const scope = `${policy.resource}:${policy.access === 'READ' ? 'read' : 'write'}`;
  if (!allowed)
    throw new Problem('notYours', {
      code: 'AUTH.SCOPE',
      detail: `The scope ${scope} is needed.`,
      extra: { scope },
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    });
  if ((policy.access === 'ADMIN' || policy.admin) && !isAdmin(actor))
    throw new Problem('notYours', { code: 'AUTH.ROLE', detail: 'The platform administrator may do this.' });
  return true;
}
