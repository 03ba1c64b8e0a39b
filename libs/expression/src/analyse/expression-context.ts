import type { DataType } from '../data-type.ts';
import type { Problems } from '../problems.ts';
import type { Typed } from '../types/supertype.ts';
import type { Edge } from './edges.ts';
import type { FrameState } from './frame-state.ts';

/** One column that an expression gives. */
export type Output = {
  readonly name: string;
  /** The first column of the expression, whose name `name.keep` brings back. */
  readonly root: string | null;
  readonly value: Typed;
  /** One value for all rows: an aggregate or a literal. */
  readonly isScalar: boolean;
  readonly edges: readonly Edge[];
};

export type ExpressionContext = {
  readonly frame: FrameState;
  readonly problems: Problems;
  readonly parameters: Readonly<Record<string, DataType>> | undefined;
  /** Names that `pl.all()` and its like leave out: the keys of a group. */
  readonly hidden: ReadonlySet<string>;
  /** What `pl.element()` stands for, inside of an expression over members. */
  readonly element?: Output;
  /** The struct whose fields `pl.field` names. */
  readonly struct?: Output;
};
