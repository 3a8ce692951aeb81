import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { hashOf, keyOf } from '../apps/gateway/key-text.js';
import { routesOf } from '../apps/gateway/openapi-routes.js';
import { Own } from '../apps/gateway/policy.js';
import { Gateways } from './gateways.js';
import type { Body } from './running-house.js';

let house: Gateways;
beforeAll(async () => {
  house = await Gateways.open(1);
});
afterAll(() => house?.close());

@Controller('v1/forgotten')
class Forgotten {
  @Get()
  read() {
    return {};
  }
}

@Controller('v1/half')
class Half {
  @Get()
  @Own('half')
  read() {
    return {};
  }
}

const appOf = async (controller: typeof Forgotten | typeof Half) => {
  @Module({ controllers: [controller] })
  class Only {}
  const made = await Test.createTestingModule({ imports: [Only] }).compile();
  return made as unknown as NestFastifyApplication;
};

describe('A route', () => {
  it('is in the document, with its policy: there is none beside it', async () => {
    const { body } = await house.as().get('/openapi.json');
    const told = Object.entries(body.paths as Record<string, Body>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = [...house.routes].filter((route) => / \/v1(\/|$)/.test(route) && !/^(HEAD|OPTIONS) /.test(route));
    expect(served.length).toBeGreaterThan(20);
    expect(served.map((route) => route.replaceAll(/:(\w+)/g, '{$1}')).sort()).toEqual(told.sort());
  });

  it.each([Forgotten, Half])('without policy or without answer ends the making of the document: %p', async (controller) => {
    const app = await appOf(controller);
    expect(() => routesOf(app)).toThrow(/says not who may call it, or not what it answers/);
  });

  it('beside the document serves documents, health and metadata only', () => {
    const others = [...house.routes].filter((route) => !/ \/v1(\/|$)/.test(route) && !/^(HEAD|OPTIONS) /.test(route));
    const known = / \/(docs(\/.*)?|openapi\.json|asyncapi\.json|health\/(live|ready)|metrics|\.well-known\/[a-z.-]+)$/;
    expect(others.filter((route) => !known.test(route) || !route.startsWith('GET '))).toEqual([]);
  });
});

describe('With engines of its own', () => {
  it('a test key is neither given nor taken, and limits are on', async () => {
    const secret = 's'.repeat(40);
    const BOOTSTRAP_KEY = keyOf('bootstrap', secret, false);
    const external = await Gateways.open(1, { ENGINES: 'external', TEST_CLOCK: '', SECRETS_KEY: secret, BOOTSTRAP_KEY });
    try {
      const draft = { name: 'x', role: 'CLUSTER_MANAGER', test: true };
      const refused = await external.admin().post('/v1/api-keys').send(draft);
      expect([refused.status, refused.body.code]).toEqual([422, 'API_KEY.TEST']);
      const { body: live } = await external
        .admin()
        .post('/v1/api-keys')
        .send({ ...draft, test: false });
      expect(live.key).toMatch(/^cb_live_/);
      const { headers } = await external.as(live.key).get('/v1/me');
      expect(headers['ratelimit-policy']).toBe('"read";q=600;w=60');
      const test = keyOf(live.id, secret, true);
      const keys = external.runtimes[0]!.house.db.collection('view_api-keys');
      await keys.updateOne({ _id: live.id }, { $set: { 'view.sha256': hashOf(test) } });
      expect((await external.as(test).get('/v1/me')).status).toBe(401);
    } finally {
      await external.close();
    }
  });

  it('and with embedded ones limits are off', async () => {
    const { headers } = await house.as().get('/v1/partnerships');
    expect(headers).not.toHaveProperty('ratelimit-policy');
  });
});
