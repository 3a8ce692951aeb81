import { Controller } from '@nestjs/common';
import { ChangeMeetingProfile, ForgetMeetingProfile, WriteMeetingProfile } from '#libs/contracts/meeting-profile';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { aggregatesHolding } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { changeMeetingProfile, forgetMeetingProfile, type Standing, writeMeetingProfile } from './meeting-profile.js';
import { MeetingProfileStore } from './meeting-profile.store.js';
import { MeetingSettings } from './meeting-settings.js';

@Controller()
export class MeetingProfileMessages {
  constructor(
    private readonly profiles: MeetingProfileStore,
    private readonly settings: MeetingSettings,
    runtime: Runtime,
  ) {
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'MEETING_PROFILES',
        message: 'What the person offered and looked for at meetings of events.',
        holding: (person) => this.profiles.of(person),
        command: ForgetMeetingProfile,
      }),
    );
  }

  @Handle(WriteMeetingProfile)
  async write(message: Message<typeof WriteMeetingProfile>): Promise<Handled> {
    const { event, person } = message.data;
    return this.profiles.change(message, writeMeetingProfile(await this.standing(event, person)));
  }

  @Handle(ChangeMeetingProfile)
  async change(message: Message<typeof ChangeMeetingProfile>): Promise<Handled> {
    const found = await this.profiles.get(message.key);
    const { event = '', person = '' } = found?.state ?? {};
    return this.profiles.change(message, changeMeetingProfile(await this.standing(event, person)));
  }

  @Handle(ForgetMeetingProfile)
  forget(message: Message<typeof ForgetMeetingProfile>) {
    return this.profiles.change(message, forgetMeetingProfile);
  }

  private async standing(event: string, person: string): Promise<Standing> {
    const setting = await this.settings.for(event, [person]);
    return {
      zone: setting?.event.zone ?? null,
      partnerships: setting?.event.partnerships ?? [],
      attendee: setting?.attendees.get(person) ?? null,
      account: setting?.accounts.get(person) ?? null,
    };
  }
}
