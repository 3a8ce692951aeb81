import { z } from 'zod';

/** What a role is bound to; a role without binding holds for the whole platform. */
export const Binding = z
  .object({ kind: z.enum(['PARTNERSHIP', 'CLUSTER', 'ORGANISATION', 'EVENT']), id: z.string().max(60) })
  .meta({ id: 'Binding' });
export type Binding = z.infer<typeof Binding>;

export const BoundRole = z
  .object({ role: z.string().max(60).describe('reference: roles'), binding: Binding.nullable() })
  .meta({ id: 'BoundRole' });
export type BoundRole = z.infer<typeof BoundRole>;

/**
 * Who asks: a person, a partner system (client) or the product itself. Signed by the gateway;
 * its authority counts as of `at`, the moment of acceptance, however late the command is decided.
 */
export const Actor = z
  .object({
    kind: z.enum(['PERSON', 'CLIENT', 'SYSTEM', 'PUBLIC']),
    id: z.string().max(100),
    roles: z.array(BoundRole),
    scopes: z.array(z.string()),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Actor' });
export type Actor = z.infer<typeof Actor>;

export type Service = 'gateway' | 'membership' | 'events' | 'exchanges' | 'notifications' | 'worker';

/** The actor of timers and effects, acting for a service. */
export const system = (service: Service, at: string): Actor => ({
  kind: 'SYSTEM',
  id: service,
  roles: [{ role: 'SYSTEM', binding: null }],
  scopes: [],
  at,
});
