import type { Composition } from '#libs/domain/composition';
import { compositionTable } from '#libs/domain/composition-table';
import { csvOf } from '#libs/tables/csv';

/** One row per partner cluster: RFC 4180 in UTF-8, with the mark by which spreadsheets know it. */
export const compositionCsv = (composition: Composition): Buffer => csvOf(compositionTable(composition));
