import type { JsonObject } from './openapi-schemas.js';

/** One of each body somebody writes, and of what comes back often; all are checked against their schemas. */
export const examples: Record<string, JsonObject | undefined> = {
  SubscriptionDraft: {
    channel: 'WEBHOOK',
    url: 'https://partner.example/hooks/clusterbridge',
    eventTypes: ['partnership.*', 'event.*'],
    filter: { partnership: ['dia'] },
  },
  ReportRequest: { kind: 'COMPOSITION', format: 'PDF', parameters: { partnership: 'dia' } },
  ApiKeyDraft: {
    name: 'Cluster portal of a partner',
    role: 'PARTNERSHIP_COORDINATOR',
    bindings: [{ kind: 'PARTNERSHIP', id: '01434b19-8400-7e65-b4d3-e3d7b9d0e873' }],
    scopes: ['partnerships:read', 'subscriptions:write'],
    expiresAt: '2030-01-01T00:00:00Z',
  },
  ClientDraft: {
    name: 'Cluster portal of a partner',
    roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: '01434b19-8400-7e65-b4d3-e3d7b9d0e873' } }],
    scopes: ['partnerships:read', 'subscriptions:write'],
    partnership: '01434b19-8400-7e65-b4d3-e3d7b9d0e873',
  },
  ClientPatch: { name: 'Portal of a partner', scopes: ['partnerships:read'] },
  SecretRotation: { overlapHours: 24 },
  TokenRequest: { grant_type: 'client_credentials', scope: 'partnerships:read' },
  PartnershipFile: {
    code: 'DIA',
    identity: { acronym: 'DIA', name: 'European Digital Industry Alliance' },
    programme: { code: 'ESCP-4I' },
    status: { phase: 'PREPARATION', strand: '1' },
    startOfPartnership: '2018-01',
    durationMonths: 24,
    declaredMembership: { members: { value: 1000, qualifier: 'MORE_THAN' } },
    composition: [{ no: 1, name: 'Mechatronic Cluster', country: 'AT', totalMembers: 100, totalSmes: 80 }],
    plannedEvents: [{ no: 1, type: null, estimatedDate: '2018-09', country: 'US' }],
  },
  Operation: { id: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f', state: 'PENDING', result: null, problem: null },
};
