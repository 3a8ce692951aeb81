import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ApiKeyMessages } from './api-key.messages.js';
import { ApiKeyStore } from './api-key.store.js';
import { ApiKeysController } from './api-keys.controller.js';
import { Commands } from './commands.js';
import { EventsController } from './events.controller.js';
import { FeedProjector } from './feed-projector.js';
import { HotAnswers } from './hot-answers.js';
import { Idempotency } from './idempotency.store.js';
import { Identity } from './identity.js';
import { ImportsController } from './imports.controller.js';
import { Operations } from './operations.store.js';
import { PartnershipsController } from './partnerships.controller.js';
import { PlatformController } from './platform.controller.js';
import { PolicyGuard } from './policy.js';
import { PresentInterceptor } from './present.interceptor.js';
import { Presenters } from './presenters.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { ReportsController } from './reports.controller.js';
import { shapePipe } from './shape.pipe.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { Versions } from './version-cache.js';
import { viewControllers } from './views.controllers.js';

@Module({
  controllers: [
    ApiKeyMessages,
    PartnershipsController,
    EventsController,
    ImportsController,
    ApiKeysController,
    SubscriptionsController,
    ReportsController,
    PlatformController,
    ...viewControllers,
  ],
  providers: [
    Versions,
    ReadModels,
    FeedProjector,
    Identity,
    HotAnswers,
    Idempotency,
    Operations,
    Commands,
    Presenters,
    Reads,
    ApiKeyStore,
    { provide: APP_GUARD, useClass: PolicyGuard },
    { provide: APP_INTERCEPTOR, useClass: PresentInterceptor },
    { provide: APP_PIPE, useValue: shapePipe },
  ],
})
export class GatewayModule {}
