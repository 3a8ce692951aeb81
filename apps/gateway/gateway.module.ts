import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { actionsControllers } from './actions.controllers.js';
import { AnswersAhead } from './answers-ahead.js';
import { ApiKeyMessages } from './api-key.messages.js';
import { ApiKeyStore } from './api-key.store.js';
import { ApiKeysController } from './api-keys.controller.js';
import { attachmentsControllers } from './attachments.controllers.js';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit.store.js';
import { AuditSubjects } from './audit-subjects.js';
import { AuditTrail } from './audit-trail.js';
import { BadgesPrinter } from './badges-printer.js';
import { CalendarOwner } from './calendar-owner.js';
import { CalendarTokenMessages } from './calendar-token.messages.js';
import { CalendarTokenStore } from './calendar-token.store.js';
import { CalendarTokensController } from './calendar-tokens.controller.js';
import { CalendarsController } from './calendars.controller.js';
import { ClientMessages } from './client.messages.js';
import { ClientStore } from './client.store.js';
import { ClientsController } from './clients.controller.js';
import { ClustersController } from './clusters.controller.js';
import { Commands } from './commands.js';
import { DeliverablesController } from './deliverables.controller.js';
import { Eligibilities } from './eligibilities.js';
import { EntitlementController } from './entitlement.controller.js';
import { EventDoorController } from './event-door.controller.js';
import { EventFeedbackController } from './event-feedback.controller.js';
import { EventPartsController } from './event-parts.controller.js';
import { Exports } from './exports.js';
import { FeedController } from './feed.controller.js';
import { Feed } from './feed.js';
import { FeedLog } from './feed-log.js';
import { FeedProjector } from './feed-projector.js';
import { FeedSight } from './feed-sight.js';
import { Forgetting } from './forgetting.js';
import { FormerAddress } from './former-address.js';
import { Histories, historyControllers } from './history.controllers.js';
import { History } from './history.store.js';
import { HotAnswers } from './hot-answers.js';
import { Idempotency } from './idempotency.store.js';
import { Identity } from './identity.js';
import { ImportsController } from './imports.controller.js';
import { Integrity, IntegrityController } from './integrity.controller.js';
import { KeyUsage } from './key-usage.store.js';
import { KnownParameters } from './known-parameters.js';
import { Limits } from './limits.js';
import { LinksController } from './links.controller.js';
import { MeController } from './me.controller.js';
import { MeetingSuggestions } from './meeting-suggestions.js';
import { MeetingProfilesController, MeetingsController } from './meetings.controller.js';
import { movesControllers } from './moves.controllers.js';
import { OidcIssuers } from './oidc.js';
import { OperationsController } from './operations.controller.js';
import { Operations } from './operations.store.js';
import { OrganisationsController } from './organisations.controller.js';
import { OwnEvents } from './own-events.js';
import { OwnMeetings } from './own-meetings.js';
import { ParkedController } from './parked.controller.js';
import { Participants } from './participants.js';
import { PartnershipsController } from './partnerships.controller.js';
import { PersonsController } from './persons.controller.js';
import { PlatformController } from './platform.controller.js';
import { PoliciesController } from './policies.controller.js';
import { PolicyGuard } from './policy.js';
import { PresentInterceptor } from './present.interceptor.js';
import { Presenters } from './presenters.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { RegistrationsController } from './registrations.controller.js';
import { ReportsController } from './reports.controller.js';
import { shapePipe } from './shape.pipe.js';
import { SigningKeyStore } from './signing-key.store.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SigningKeys } from './signing-keys.js';
import { SnapshotController } from './snapshot.controller.js';
import { Snapshot } from './snapshot.js';
import { Streams } from './streams.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { TokenController } from './token.controller.js';
import { AccessTokens } from './token.js';
import { Uploads } from './uploads.js';
import { Versions } from './version-cache.js';
import { viewControllers } from './views.controllers.js';
import { writesControllers } from './writes.controllers.js';
import { Writes } from './writes.js';

@Module({
  controllers: [
    ApiKeyMessages,
    ClientMessages,
    CalendarTokenMessages,
    PartnershipsController,
    OrganisationsController,
    ClustersController,
    EntitlementController,
    LinksController,
    PersonsController,
    DeliverablesController,
    ImportsController,
    ApiKeysController,
    ClientsController,
    CalendarTokensController,
    CalendarsController,
    EventPartsController,
    EventDoorController,
    EventFeedbackController,
    TokenController,
    SigningKeysController,
    MeController,
    SubscriptionsController,
    ReportsController,
    PoliciesController,
    PlatformController,
    RegistrationsController,
    MeetingsController,
    MeetingProfilesController,
    FeedController,
    SnapshotController,
    AuditController,
    OperationsController,
    ParkedController,
    IntegrityController,
    ...viewControllers,
    ...writesControllers,
    ...movesControllers,
    ...historyControllers,
    ...actionsControllers,
    ...attachmentsControllers,
  ],
  providers: [
    Versions,
    ReadModels,
    FeedLog,
    FeedProjector,
    FeedSight,
    Feed,
    Streams,
    Snapshot,
    History,
    AuditSubjects,
    AuditLog,
    AuditTrail,
    Integrity,
    Histories,
    Limits,
    SigningKeyStore,
    SigningKeys,
    AccessTokens,
    OidcIssuers,
    KeyUsage,
    Identity,
    HotAnswers,
    AnswersAhead,
    Idempotency,
    Operations,
    Forgetting,
    Commands,
    Exports,
    Presenters,
    Reads,
    Eligibilities,
    MeetingSuggestions,
    Writes,
    Uploads,
    ApiKeyStore,
    ClientStore,
    CalendarTokenStore,
    CalendarOwner,
    OwnEvents,
    OwnMeetings,
    Participants,
    BadgesPrinter,
    { provide: APP_GUARD, useClass: PolicyGuard },
    { provide: APP_GUARD, useClass: KnownParameters },
    { provide: APP_INTERCEPTOR, useClass: PresentInterceptor },
    // Within the one before: what leads elsewhere is presented like any answer.
    { provide: APP_INTERCEPTOR, useClass: FormerAddress },
    { provide: APP_PIPE, useValue: shapePipe },
  ],
})
export class GatewayModule {}
