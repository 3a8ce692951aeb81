import agreementRules from './data/agreement-rules.json' with { type: 'json' };
import attachmentRules from './data/attachment-rules.json' with { type: 'json' };
import clusterCriteria from './data/cluster-criteria.json' with { type: 'json' };
import cosmeCountries from './data/cosme-countries.json' with { type: 'json' };
import documentRules from './data/document-rules.json' with { type: 'json' };
import documentTypes from './data/document-types.json' with { type: 'json' };
import duplicateSignals from './data/duplicate-signals.json' with { type: 'json' };
import ecosystemSections from './data/ecosystem-sections.json' with { type: 'json' };
import emergingIndustries from './data/emerging-industries.json' with { type: 'json' };
import enterpriseSizes from './data/enterprise-sizes.json' with { type: 'json' };
import eventRules from './data/event-rules.json' with { type: 'json' };
import eventTypes from './data/event-types.json' with { type: 'json' };
import exchangePurposes from './data/exchange-purposes.json' with { type: 'json' };
import exchangeRules from './data/exchange-rules.json' with { type: 'json' };
import hostKeyAreas from './data/host-key-areas.json' with { type: 'json' };
import kpiDefinitions from './data/kpi-definitions.json' with { type: 'json' };
import linkRules from './data/link-rules.json' with { type: 'json' };
import lumpSums from './data/lump-sums.json' with { type: 'json' };
import nutsRegions from './data/nuts-regions.json' with { type: 'json' };
import organisationTypes from './data/organisation-types.json' with { type: 'json' };
import partnerSearchTypes from './data/partner-search-types.json' with { type: 'json' };
import partnershipProgrammes from './data/partnership-programmes.json' with { type: 'json' };
import partnershipRules from './data/partnership-rules.json' with { type: 'json' };
import profileFields from './data/profile-fields.json' with { type: 'json' };
import quantityQualifiers from './data/quantity-qualifiers.json' with { type: 'json' };
import roles from './data/roles.json' with { type: 'json' };
import s3PriorityAreas from './data/s3-priority-areas.json' with { type: 'json' };
import sectoralIndustries from './data/sectoral-industries.json' with { type: 'json' };
import stateMachines from './data/state-machines.json' with { type: 'json' };
import targetGroups from './data/target-groups.json' with { type: 'json' };
import technologyFields from './data/technology-fields.json' with { type: 'json' };
import welcomePackageFields from './data/welcome-package-fields.json' with { type: 'json' };

export type Entry = Readonly<Record<string, unknown>>;

export interface ReferenceFile {
  readonly source: string;
  readonly asOf: string;
  readonly [field: string]: unknown;
}

/** Every file of reference data that is a taxonomy, under the name it has over REST. */
export const referenceFiles = {
  'agreement-rules': agreementRules as ReferenceFile,
  'attachment-rules': attachmentRules as ReferenceFile,
  'cluster-criteria': clusterCriteria as ReferenceFile,
  'cosme-countries': cosmeCountries as ReferenceFile,
  'document-rules': documentRules as ReferenceFile,
  'document-types': documentTypes as ReferenceFile,
  'duplicate-signals': duplicateSignals as ReferenceFile,
  'ecosystem-sections': ecosystemSections as ReferenceFile,
  'emerging-industries': emergingIndustries as ReferenceFile,
  'enterprise-sizes': enterpriseSizes as ReferenceFile,
  'event-rules': eventRules as ReferenceFile,
  'event-types': eventTypes as ReferenceFile,
  'exchange-purposes': exchangePurposes as ReferenceFile,
  'exchange-rules': exchangeRules as ReferenceFile,
  'host-key-areas': hostKeyAreas as ReferenceFile,
  'kpi-definitions': kpiDefinitions as ReferenceFile,
  'link-rules': linkRules as ReferenceFile,
  'lump-sums': lumpSums as ReferenceFile,
  'nuts-regions': nutsRegions as ReferenceFile,
  'organisation-types': organisationTypes as ReferenceFile,
  'partner-search-types': partnerSearchTypes as ReferenceFile,
  'partnership-programmes': partnershipProgrammes as ReferenceFile,
  'partnership-rules': partnershipRules as ReferenceFile,
  'profile-fields': profileFields as ReferenceFile,
  'quantity-qualifiers': quantityQualifiers as ReferenceFile,
  roles: roles as ReferenceFile,
  's3-priority-areas': s3PriorityAreas as ReferenceFile,
  'sectoral-industries': sectoralIndustries as ReferenceFile,
  'state-machines': stateMachines as ReferenceFile,
  'target-groups': targetGroups as ReferenceFile,
  'technology-fields': technologyFields as ReferenceFile,
  'welcome-package-fields': welcomePackageFields as ReferenceFile,
} as const;

export type VocabularyName = keyof typeof referenceFiles;
