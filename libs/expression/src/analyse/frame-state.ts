import { nearestName } from '@floe/errors';
import type { DataType } from '../data-type.ts';
import { MAX_LISTED_COLUMNS } from '../limits.ts';
import type { Problems, Span } from '../problems.ts';
import type { Name } from '../program.ts';
import { UNKNOWN } from '../types/kinds.ts';
import type { Edge } from './edges.ts';

export type FrameColumn = {
  readonly name: string;
  readonly type: DataType;
  readonly edges: readonly Edge[];
};

/** What is known about a frame at one point of the program. */
export type FrameState = {
  readonly columns: readonly FrameColumn[];
  /** What the rows as a whole depend on: filters, joins, groups, order. */
  readonly dependencies: readonly Edge[];
  /** The inputs that have a part in it. */
  readonly inputs: readonly string[];
  /** Something before went wrong: a missing column may be its consequence and is not reported. */
  readonly isOpen: boolean;
};

export function findColumn(frame: FrameState, name: string): FrameColumn | undefined {
  return frame.columns.find((column) => column.name === name);
}

/** The column, or a report of its absence. Where something went wrong before it is a column of unknown type. */
export function requireColumn(
  frame: FrameState,
  { name, span }: Name,
  problems: Problems,
): FrameColumn | null {
  const column = findColumn(frame, name);
  if (column !== undefined) return column;
  if (frame.isOpen) return { name, type: UNKNOWN, edges: [] };
  const names = frame.columns.map((each) => each.name);
  const near = nearestName(name, names);
  const known = `the columns here are ${listNames(names)}`;
  problems.add(
    span,
    `there is no column "${name}"`,
    near ? `did you mean "${near}"? ${known}` : known,
  );
  return null;
}

function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED_COLUMNS).join(', ');
  const rest = names.length - MAX_LISTED_COLUMNS;
  return rest > 0 ? `${listed} and ${rest} more` : listed;
}

type Named = { readonly name: string; readonly span: Span };

/** Reports names that come twice. */
export function reportDuplicates(names: readonly Named[], problems: Problems): boolean {
  const seen = new Set<string>();
  let isDuplicated = false;
  for (const { name, span } of names) {
    if (seen.has(name)) {
      problems.add(
        span,
        `the column "${name}" comes twice`,
        'give one of them another name with .alias("...")',
      );
      isDuplicated = true;
    }
    seen.add(name);
  }
  return isDuplicated;
}
