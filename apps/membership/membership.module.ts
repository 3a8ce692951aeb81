import { Module } from '@nestjs/common';
import { AgreementMessages } from './agreement.messages.js';
import { AgreementStore } from './agreement.store.js';
import { AgreementMoveMessages } from './agreement-moves.messages.js';
import { Attached } from './attached.js';
import { ClusterMessages } from './cluster.messages.js';
import { ClusterStore } from './cluster.store.js';
import { DeliverableMessages } from './deliverable.messages.js';
import { DeliverableStore } from './deliverable.store.js';
import { DocumentMessages } from './document.messages.js';
import { DocumentStore } from './document.store.js';
import { ErasureMessages } from './erasure.messages.js';
import { ErasureStore } from './erasure.store.js';
import { ImportMessages } from './import.messages.js';
import { ImportStore } from './import.store.js';
import { MembershipMessages } from './membership.messages.js';
import { MembershipStore } from './membership.store.js';
import { OrganisationMessages } from './organisation.messages.js';
import { OrganisationStore } from './organisation.store.js';
import { PartnershipMessages } from './partnership.messages.js';
import { PartnershipStore } from './partnership.store.js';
import { PartnershipMovesMessages } from './partnership-moves.messages.js';
import { PastDecisions } from './past-decisions.js';
import { PersonMessages } from './person.messages.js';
import { PersonStore } from './person.store.js';
import { PoliciesInForce } from './policies.js';
import { PolicyMessages } from './policy.messages.js';
import { PolicyStore } from './policy.store.js';
import { Uploads } from './uploads.js';

@Module({
  controllers: [
    PartnershipMessages,
    PartnershipMovesMessages,
    ClusterMessages,
    MembershipMessages,
    OrganisationMessages,
    PersonMessages,
    ErasureMessages,
    AgreementMessages,
    AgreementMoveMessages,
    DocumentMessages,
    DeliverableMessages,
    ImportMessages,
    PolicyMessages,
  ],
  providers: [
    PartnershipStore,
    ClusterStore,
    MembershipStore,
    OrganisationStore,
    PersonStore,
    ErasureStore,
    AgreementStore,
    DocumentStore,
    DeliverableStore,
    Attached,
    ImportStore,
    Uploads,
    PolicyStore,
    PoliciesInForce,
    PastDecisions,
  ],
})
export class MembershipModule {}
