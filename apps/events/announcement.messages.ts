import { Controller } from '@nestjs/common';
import { PublishAnnouncement } from '#libs/contracts/announcement';
import { Handle, type Message } from '#libs/messaging/handle';
import { publish } from './announcement.js';
import { AnnouncementStore } from './announcement.store.js';
import { PlannedEventStore } from './planned-event.store.js';

@Controller()
export class AnnouncementMessages {
  constructor(
    private readonly announcements: AnnouncementStore,
    private readonly events: PlannedEventStore,
  ) {}

  @Handle(PublishAnnouncement)
  async publish(message: Message<typeof PublishAnnouncement>) {
    const event = await this.events.get(message.data.event);
    return this.announcements.change(message, publish(event?.state.partnerships ?? []));
  }
}
