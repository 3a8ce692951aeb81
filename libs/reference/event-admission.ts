import file from './data/event-admission.json' with { type: 'json' };

const [rules] = file.items;

/** How the seats of an event are given where the event itself does not say; minutes. */
export const usualAdmission = {
  approval: rules!.approval,
  waitingList: rules!.waitingList,
  confirmFreedSeat: rules!.confirmFreedSeat,
  holdMinutes: rules!.holdMinutes,
  offerMinutes: rules!.offerMinutes,
  membersOnly: rules!.membersOnly,
  /** null: as many persons of one organisation as there are seats. */
  perOrganisation: rules!.perOrganisation as number | null,
};
