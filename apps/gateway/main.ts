import { serve } from '#libs/service/serve';
import { GatewayModule } from './gateway.module.js';
import { createAdapter, prepare } from './http.js';

await serve('gateway', GatewayModule, { adapter: createAdapter, prepare });
