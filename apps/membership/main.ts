import { serve } from '#libs/service/serve';
import { MembershipModule } from './membership.module.js';

await serve('membership', MembershipModule);
