import { serve } from '#libs/service/serve';
import { ExchangesModule } from './exchanges.module.js';

await serve('exchanges', ExchangesModule);
