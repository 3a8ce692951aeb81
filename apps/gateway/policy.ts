import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
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
  /** Who it is for may also be said by a token in the query, which the route itself looks at. */
  linked?: boolean;
  /** For the platform administrator alone, though it changes nothing. */
  admin?: boolean;
  /** Its body is a file of whatever kind, which the route itself reads piece by piece. */
  file?: true;
  /** People open it in a browser: who asks for a page gets one, refusals too, and answers by a form. */
  people?: true;
}

export const POLICY = 'policy';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
  }
}

/** Told to the framework's guard, and to the server, which asks before it reads a body. */
const governed = (policy: Policy) => applyDecorators(SetMetadata(POLICY, policy), RouteConfig({ policy }));

/** Anybody may call it; the views say what is seen. */
export const Open = (resource: string) => governed({ resource, access: 'READ', public: true });
/** For known callers whose scopes allow reading the resource. */
export const Reading = (resource: string) => governed({ resource, access: 'READ', public: false });
/** For known callers, and for programs that know no header: a token in the query says whose it is. */
export const Linked = (resource: string) => governed({ resource, access: 'READ', public: false, linked: true });
/** For every known caller, whatever the scopes: it is about the caller itself. */
export const Own = (resource: string) => governed({ resource, access: 'READ', public: false, own: true });
/** What the platform administrator alone may read. */
export const Overseeing = (resource: string) => governed({ resource, access: 'READ', public: false, admin: true });
/** For known callers whose scopes allow writing the resource; who may do what with which record is the service's to judge. */
export const Writing = (resource: string) => governed({ resource, access: 'WRITE', public: false });
/** As `Writing`, of a file. */
export const Uploading = (resource: string) => governed({ resource, access: 'WRITE', public: false, file: true });
/** For whoever holds the link of a mail, in the place of a token: reading by GET, answering by POST. */
export const Mailed = (resource: string, access: 'READ' | 'WRITE') => governed({ resource, access, public: true, people: true });
/** For the platform administrator. */
export const Administering = (resource: string) => governed({ resource, access: 'ADMIN', public: false });

/** Nothing is allowed by default: a route without a policy answers nobody. */
@Injectable()
export class PolicyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<Policy | undefined>(POLICY, [context.getHandler(), context.getClass()]);
    if (!policy) throw new Problem('notYours', { code: 'ROUTE.CLOSED', detail: 'This route is open to nobody.' });
    admit(policy, context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}

/** Throws 401 or 403 for who may not call it. */
export function admit(policy: Policy, { actor }: Pick<FastifyRequest, 'actor'>): void {
  if (actor.kind === 'PUBLIC' && !policy.public && !policy.linked)
    throw new Problem('unauthenticated', { code: 'AUTH.REQUIRED', detail: 'This needs an access token or API key.' });
  if (policy.own) return;
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
}
