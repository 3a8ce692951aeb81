/** Why a group of so many persons waits while so many seats are free: a group is admitted whole or not at all. */
export const waitsFor = (persons: number, free: number): 'SEATS' | 'SEATS_TOGETHER' =>
  free > 0 && persons > free ? 'SEATS_TOGETHER' : 'SEATS';
