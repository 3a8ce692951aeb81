import { Controller, Get, Param, Res, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { Verdict } from '#libs/contracts/values';
import { acting, actionsOf } from './actions.js';
import { type Asked, Asking, By } from './asked.js';
import { languageOf, verdictIn } from './languages.js';
import { collectionOf, placeOf } from './nested.js';
import { Reading } from './policy.js';
import { Reads } from './reads.js';
import { resources } from './resources.js';
import { pageOf, Returns } from './returns.js';
import { tagOf } from './tags.js';

const ActionShown = z
  .object({
    command: z.string().describe('state-machines: name of the command'),
    machine: z.string().describe('state-machines: the machine it moves'),
    path: z.string().describe('below the path of the resource'),
    href: z.string().nullable().describe('where to POST it; null: this installation does not offer it, so nobody may do it'),
    allowed: z.boolean().describe('whether you may do it now'),
    verdicts: z.array(Verdict),
    whoMay: z.array(z.string()).describe('reference: roles'),
    targets: z.array(z.string()).describe('states it leads to from here; none: not from here'),
    guards: z.array(z.string()).describe('what is looked at when it is done'),
    fields: z.array(z.object({ name: z.string(), required: z.boolean(), description: z.string().nullable() })).describe('of its body'),
    requiredFields: z.array(z.string()),
    missing: z.array(z.string()).describe('JSON pointers to what is to be filled in first'),
  })
  .meta({ id: 'Action' });

function actionsRouteOf(resource: string): Type {
  const { contract } = resources[resource]!;
  const { name } = contract;

  @ApiTags(tagOf(resource))
  @Controller(`v1/${resource}`)
  class Actions {
    constructor(
      private readonly reads: Reads,
      private readonly host: HttpAdapterHost,
    ) {}

    /** What may come next, for whom, and why not. */
    @Get(':id/actions')
    @Reading(resource)
    @Returns(pageOf(ActionShown))
    async list(@Param('id') id: string, @By() by: Actor, @Asking() { languages }: Asked, @Res({ passthrough: true }) reply: FastifyReply) {
      const view = await this.reads.view(resource, id, by);
      const language = languageOf(languages);
      reply.header('content-language', language);
      const partnerships = await this.reads.partnershipsOf(resource, view.id);
      const items = actionsOf(resource, { ...partnerships, ...view }, by).map((action) => {
        const isOffered = this.offers(action.path);
        return {
          ...action,
          allowed: action.allowed && isOffered,
          href: isOffered ? `${collectionOf(contract, view)}/${action.path.replace('{id}', view.id)}` : null,
          verdicts: action.verdicts.map((verdict) => verdictIn(verdict, language)),
        };
      });
      return { items, next: null };
    }

    private offers(path: string): boolean {
      const http = this.host.httpAdapter.getInstance<FastifyInstance>();
      return http.hasRoute({ method: 'POST', url: `/${placeOf(contract)}/${path.replace('{id}', ':id')}` });
    }
  }
  Object.defineProperty(Actions, 'name', { value: `${name}Actions` });
  return Actions;
}

export const actionsControllers = Object.keys(acting).map(actionsRouteOf);
