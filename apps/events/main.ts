import { serve } from '#libs/service/serve';
import { EventsModule } from './events.module.js';

await serve('events', EventsModule);
