/**
 * What the lead of an extract hands out, and what each partition makes of it.
 *
 *   S1. The lead decides all cuts, once: ranges that partitions worked out for themselves could leave rows out, because
 *       a table grows meanwhile.
 *   S2. There are as many partitions as the document says; where the table or column has fewer ranges, some are empty.
 */
import { FloeError } from '@floe/errors';
import { z } from 'zod';
import type { TaskContext } from '../runner.ts';
import { CUT_KINDS } from './cut-column.ts';
import type { ExtractOptions } from './extract-options.ts';
import { columnRanges, type ExtractParts, pageRanges, restrictAny } from './plan-parts.ts';
import { parseRowWiseQuery } from './row-wise-query.ts';

const cut = z.object({ type: z.enum(CUT_KINDS), text: z.string() });

const handout = z.object({
  snapshot: z.string(),
  /** Rows that the planner expects of all partitions together. */
  expectedRows: z.number(),
  cuts: z.discriminatedUnion('by', [
    z.object({ by: z.literal('pages'), at: z.array(z.int().min(0)) }),
    z.object({ by: z.literal('column'), at: z.array(cut) }),
  ]),
});

export type Handout = z.output<typeof handout>;

export type Share = { readonly index: number; readonly count: number; readonly handout: Handout };

/** Undefined for an attempt that reads everything. */
export function shareOfPartition({ partition }: Pick<TaskContext, 'partition'>): Share | undefined {
  if (partition === undefined) return undefined;
  const { index, count } = partition;
  const read = handout.safeParse(partition.handout);
  if (read.success) return { index, count, handout: read.data };
  throw new FloeError('INTERNAL', `partition ${index} was not told what to read`);
}

/** The part of the query that is this partition's. */
export function partOf(
  query: string,
  { index, count, handout: { cuts, expectedRows } }: Share,
  { splitBy }: Pick<ExtractOptions, 'splitBy'>,
): ExtractParts {
  const ranges = cuts.by === 'pages' ? pageRanges(cuts.at) : columnRanges(splitBy ?? '', cuts.at);
  const range = ranges[index];
  const part = { expectedRows: expectedRows / count, connections: 1 };
  // S2
  if (range === undefined) return { ...part, queries: [restrictAny(query, 'false')] };
  const rowWise = cuts.by === 'pages' ? parseRowWiseQuery(query) : undefined;
  const restricted = rowWise?.restrict(range || 'true') ?? restrictAny(query, range);
  return { ...part, queries: [restricted] };
}
