import { z } from 'zod';

/** Wall-clock time at the place of the event, to the minute; its zone stands beside it. */
export const LocalTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'YYYY-MM-DDThh:mm')
  .meta({ id: 'LocalTime', example: '2027-05-12T09:00' });
