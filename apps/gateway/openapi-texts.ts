/** What an operation means beyond its name, by operation id. */
export const texts: Record<string, string | undefined> = {
  listPartnerships: 'Partnerships, as far as the caller may see them.',
  getPartnership: 'Figures stand declared, targeted and computed side by side; what the source leaves blank is null.',
  getPartnershipComposition: 'One row per partner cluster, totals with their coverage, and how many clusters bear each classification.',
  getPartnershipExchangeProfile: 'What the partnership says of its exchange scheme, its hosts, its welcome package and its stories.',
  listPartnershipRemarks: "Editors' remarks: for the coordinator and the platform.",
  listEvents: 'Dates are as precise as they are known; `from` and `to` find what may overlap with them.',
  getEventCalendar:
    'RFC 5545. A date that is not certain is a tentative entry over all its days; a postponed event is off on the day it had; each stop has an entry of its own. Texts by `Accept-Language`.',
  getPartnershipCalendar: 'All of its events that have a date, as far as the caller may see them: to be subscribed to.',
  getMyCalendar:
    'Events of what one has a role in, and those one takes part in. The token is made at `/v1/calendar-tokens`; it opens nothing else.',
  createCalendarToken:
    'Opens one’s own calendar to programs that know no header. It is shown only in this answer; its hash alone is stored.',
  getEventDelegation: 'Led by whom, received by whom, and whoever has a seat, as far as the caller sees their registrations.',
  listEventParticipants:
    'Everybody who has a seat, person by person, in the order of a list at the door; others than the organiser see their own.',
  getEventBadges: 'PDF: ten badges of 90 × 55 mm on each sheet of A4, with the code of each person as QR.',
  checkInAtEvent:
    'By the code of a badge or from the list, while the event runs or when it was held. Twice is once; their registration counts as attended.',
  listEventAnnouncements: 'Those in charge see all, others those that went to them.',
  getEventFeedback: 'What is asked, and for those in charge what was answered, in sum; figures of a few answers are not shown.',
  answerEventFeedback:
    'By a person who was there, or who acts for their organisation; once. Who has answered and what was answered are kept apart.',
  getEventOutcomes: 'What everybody is told of what came of it, and for those in charge its report.',
  reportOutcomesEvent:
    'The report as a whole, once the event has begun; what it said before stands in the history. A mission is not evaluated without.',
  updateEvent: 'Firms an event up: date, place and type, as they become known. A JSON Merge Patch (RFC 7396).',
  createPartnership: 'A partnership begins as a draft: of its phase, and of its profile, which nobody else sees yet.',
  updatePartnership:
    'A JSON Merge Patch (RFC 7396). A profile that is in public or under review stands; outside ids may be changed at any time. With its acronym its slug changes; the one before leads on.',
  getPartnershipByExternalId: 'By what it is called elsewhere.',
  putPartnershipByExternalId:
    'Registered when it is not there yet (201), else changed (200). What is not named stays. `If-Match` is optional.',
  batchPartnerships: 'As `batchEvents`.',
  createCluster: 'A cluster organisation registers: it is to be validated, and its profile is a draft that nobody else sees yet.',
  updateCluster:
    'A JSON Merge Patch (RFC 7396). A profile that is in public or under review stands; outside ids may be changed at any time.',
  getClusterByExternalId: 'By what it is called elsewhere.',
  putClusterByExternalId: 'Registered when it is not there yet (201), else changed (200). What is not named stays. `If-Match` is optional.',
  batchClusters: 'As `batchEvents`.',
  createEvent: 'An event begins as an intention of its partnerships, with whatever is known of it; more is firmed up as it becomes known.',
  getEventByExternalId: 'By what it is called elsewhere.',
  putEventByExternalId:
    'For a partner system that knows the event by an id of its own: planned when it is not there yet (201), else firmed up (200). What is not named stays, so the same PUT may be sent again at any time. `If-Match` is optional.',
  batchEvents:
    'Up to 1,000 writes: `id` changes a record, `externalId` creates or changes, neither creates. Each item is answered for itself, in the order sent, with what the single write would have been answered; what is refused keeps none of the others back. With one `Idempotency-Key` the whole may be sent again: what is done stays done, what could not be taken is taken up.',
  createImport:
    'Records a partnership file: what it states is so, nothing is decided. A second time changes nothing and says so. Answered when every record can be read; with `dryRun=true` it tells what would become of each.',
  createSubscription: 'Subscribes to facts by type and filter. The secret that signs a webhook is shown only in this answer.',
  listSubscriptionDeliveries: 'Each delivery with its attempts: time, status, latency, and how the answer began.',
  enableSubscription: 'Begins anew after deliveries had failed for too long.',
  createReport: 'A job makes the report; read it at `Location` until it has SUCCEEDED, then read its content.',
  getReportContent: 'The file itself, once it is ready; 404 before.',
  createApiKey: 'The key is shown only in this answer; its hash alone is kept.',
  revokeApiKey: 'The key is void at once, on every gateway.',
  getApiKey: 'With the minute in which it was used last.',
  createClient:
    'A partner system that asks for access tokens by its id and secret. The secret is shown only in this answer; its hash alone is kept.',
  updateClient: 'Name, roles and scopes hold at once, also for tokens given before.',
  rotateSecretClient: 'A new secret, shown only in this answer. The one before lives on for `overlapHours`; the one before that ends now.',
  disableClient: 'None of its tokens is good any more, on every gateway at once.',
  createToken:
    'Client credentials (RFC 6749 §4.4), by HTTP Basic or in the form; a JWT (RFC 9068) of 15 minutes. Errors follow RFC 6749 §5.2, all others are problems.',
  listSigningKeys: 'The public halves are at `/.well-known/jwks.json`.',
  rotateSigningKey: 'A new key signs from now on; the one before verifies until its last token has expired.',
  getOperation: 'What became of a write that was answered 202.',
  getFeed:
    'Facts in one order; `next` is the cursor to read on from, also when all that was read was for others. Only what the caller may see by now is told. A fact may be told again after a fault: drop what is not above the last `sequence` of its subject. When `next` no longer moves there is nothing more yet; `wait` waits for it.',
  getFeedStream:
    '`id` is the cursor, `event` the type, `data` the item of the feed. A comment every 15 seconds; `resync` when the cursor is too old or the listener too slow; `problem` when the rights have ended.',
  getSnapshot:
    'NDJSON: first `{"cursor"}`, then `{"resource","id","version","view"}` for each view in the form it is read in, last `{"end":true,"count"}`; without that line it is not complete. With the feed from its cursor on it becomes a complete copy. For resources that facts are told of.',
  getEventType: 'What `dataschema` of a fact leads to.',
  listTaxonomies: 'The vocabularies whose codes the API speaks.',
  listEventTypes: 'The facts one can subscribe to, with the shape of their data.',
  getMe: 'Who am I: person or client, roles and what they are bound to, scopes, organisations.',
};
