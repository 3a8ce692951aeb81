import { serve } from '#libs/service/serve';
import { WorkerModule } from './worker.module.js';

await serve('worker', WorkerModule);
