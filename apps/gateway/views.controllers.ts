import { Controller, Get, Param, Query, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '#libs/contracts/actor';
import { Agreement } from '#libs/contracts/agreement';
import { Cluster } from '#libs/contracts/cluster';
import { Deliverable } from '#libs/contracts/deliverable';
import { Document } from '#libs/contracts/document';
import { Erasure } from '#libs/contracts/erasure';
import { Mail } from '#libs/contracts/mail';
import { Meeting } from '#libs/contracts/meeting';
import { MeetingProfile } from '#libs/contracts/meeting-profile';
import { Membership } from '#libs/contracts/membership';
import type { AggregateContract } from '#libs/contracts/message';
import { Organisation } from '#libs/contracts/organisation';
import { Person } from '#libs/contracts/person';
import { PlannedEvent } from '#libs/contracts/planned-event';
import { Policy } from '#libs/contracts/policy';
import { Registration } from '#libs/contracts/registration';
import { Reminder } from '#libs/contracts/reminder';
import { By } from './asked.js';
import { Open, Reading } from './policy.js';
import { Reads } from './reads.js';
import { pageOf, Returns } from './returns.js';
import { shown } from './shown.js';

/** List and single view of a resource that has nothing of its own in these two routes. */
function viewsOf(contract: AggregateContract, tag: string, Policy: (resource: string) => MethodDecorator): Type {
  const { resource, name } = contract;
  const view = shown[resource] ?? contract.view;

  @ApiTags(tag)
  @Controller(`v1/${resource}`)
  class Views {
    constructor(private readonly reads: Reads) {}

    @Get()
    @Policy(resource)
    @Returns(pageOf(view))
    list(@Query() query: Record<string, unknown>, @By() by: Actor) {
      return this.reads.list(resource, query, by);
    }

    @Get(':id')
    @Policy(resource)
    @Returns(view)
    one(@Param('id') id: string, @By() by: Actor) {
      return this.reads.one(resource, id, by);
    }
  }
  Object.defineProperty(Views, 'name', { value: `${name}Views` });
  return Views;
}

export const viewControllers = [
  viewsOf(Cluster.contract, 'Membership', Open),
  viewsOf(Organisation.contract, 'Membership', Open),
  viewsOf(Membership.contract, 'Membership', Open),
  viewsOf(Person.contract, 'Membership', Reading),
  viewsOf(Erasure.contract, 'Membership', Reading),
  viewsOf(Agreement.contract, 'Membership', Open),
  viewsOf(Document.contract, 'Membership', Open),
  viewsOf(Deliverable.contract, 'Membership', Reading),
  viewsOf(Policy.contract, 'Membership', Open),
  viewsOf(PlannedEvent.contract, 'Events', Open),
  viewsOf(Mail.contract, 'Notifications', Reading),
  viewsOf(Registration.contract, 'Events', Reading),
  viewsOf(Meeting.contract, 'Events', Reading),
  viewsOf(MeetingProfile.contract, 'Events', Reading),
  viewsOf(Reminder.contract, 'Worker', Reading),
];
