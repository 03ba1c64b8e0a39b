import type { Mendable } from '@floe/workflow';
import { fillText } from '../fill-text.ts';
import { parseRowWiseQuery } from './row-wise-query.ts';

type Sharing = {
  readonly query?: string | undefined;
  readonly parallel?: number | undefined;
  readonly split_by?: string | undefined;
};

/** Why the rows of a query cannot be shared among executors, as far as the text alone tells. */
export function whyNoPartitions({
  query,
  parallel,
  split_by: column,
}: Sharing): Mendable | undefined {
  if (parallel !== undefined) {
    const message =
      '`parallel` shares the query among connections of one executor, `partitions` among executors';
    return { message, hint: 'Choose one of them.' };
  }
  if (query === undefined || column !== undefined) return undefined;
  const text = fillText(query.replace(/[\s;]+$/, ''), {}, () => 'null');
  if (parseRowWiseQuery(text) !== undefined) return undefined;
  return {
    message:
      'the rows of this query cannot be shared by the pages of a table: it is not one select of one table',
    hint: 'Name a column of its result in `split_by`, of integers, dates or timestamps, whose ranges the partitions share.',
  };
}
