import {
  findOrigins,
  type QueryColumn,
  renderWithLiterals,
  type TargetSession,
} from '@floe/database/target';
import type { ExtractColumn } from '@floe/frame/columns';
import type { TaskContext } from '../runner.ts';
import type { ExtractOptions } from './extract-options.ts';
import { pushedOf, sqlText, wantedPart, type WantedPart } from './push-into-query.ts';

/** What an extract takes of the rows of its query. */
export type Wanted = {
  readonly columns: readonly ExtractColumn[];
  /** The condition with the word before it, to be put behind the query; empty for all rows. */
  readonly where: string;
  /** All columns and all rows. */
  readonly isWhole: boolean;
};

type Described = {
  readonly described: readonly QueryColumn[];
  readonly columns: readonly ExtractColumn[];
  readonly encoding: string | undefined;
};

type Extract = { readonly context: TaskContext; readonly options: ExtractOptions };

/** Leaves out what the tasks behind do not want, and says so: rows that SQL leaves out are counted nowhere. */
export async function pushWanted(
  session: TargetSession,
  { context, options }: Extract,
  { described, columns, encoding }: Described,
): Promise<Wanted> {
  const push = pushedOf(context.config);
  if (push === undefined) return { columns, where: '', isWhole: true };
  const part = wantedPart({
    push,
    columns,
    origins: push.conditions.length === 0 ? [] : await findOrigins(session, described),
    policy: options.policy,
    isUtf8: encoding === 'UTF8',
    params: context.params,
  });
  const { where } = part;
  const isWhole = where === undefined && part.columns.length === columns.length;
  if (!isWhole) context.log('info', wordsOf(part, columns.length));
  return {
    columns: part.columns,
    where: where === undefined ? '' : ` where ${renderWithLiterals(where)}`,
    isWhole,
  };
}

function wordsOf({ columns, where }: WantedPart, count: number): string {
  const some = columns.length === count ? 'all columns' : `${columns.length} of ${count} columns`;
  const rows = where === undefined ? 'all rows' : `only rows where ${sqlText(where)}`;
  return `the tasks behind use ${some} and ${rows}: the others are not extracted`;
}
