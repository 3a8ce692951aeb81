import { serve } from '#libs/service/serve';
import { NotificationsModule } from './notifications.module.js';

await serve('notifications', NotificationsModule);
