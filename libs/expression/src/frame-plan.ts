/**
 * What `@floe/frame` executes: a graph of frame operations.
 *
 * Nodes are in order of dependency: a node refers only to nodes of lower index, and one node may be referred to
 * several times. Every `ExpressionJson` is the text of Polars' own expression JSON, ready for
 * `pl.Expr.deserialize(Buffer.from(text), 'json')`. It is text, not an object, because integers in it may exceed 2^53;
 * it belongs to the bundled Polars version and is made anew for each run, so it is not for storing.
 *
 * Methods that Polars for Node.js lacks are expressed by these operations (top_k is a sort and a slice, cast and
 * fill_null are with_columns), so the list is short and every member has one direct counterpart on a LazyFrame.
 */
export type FramePlan = {
  readonly nodes: readonly FrameNode[];
  /** Index of the node whose frame is the result. */
  readonly output: number;
};

export type ExpressionJson = string;

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross';
export type ConcatKind =
  | 'vertical'
  | 'vertical_relaxed'
  | 'diagonal'
  | 'diagonal_relaxed'
  | 'horizontal';
export type UniqueKeep = 'any' | 'none' | 'first' | 'last';

export type FrameNode =
  /** The frame of the upstream task of this name. */
  | { readonly op: 'input'; readonly name: string }
  | { readonly op: 'filter'; readonly input: number; readonly predicate: ExpressionJson }
  | {
      readonly op: 'select' | 'with_columns';
      readonly input: number;
      readonly expressions: readonly ExpressionJson[];
    }
  | {
      readonly op: 'group_by';
      readonly input: number;
      readonly keys: readonly ExpressionJson[];
      readonly aggregations: readonly ExpressionJson[];
      /** Groups come out in the order in which their keys first appear. */
      readonly maintainOrder: boolean;
    }
  | {
      readonly op: 'join';
      readonly left: number;
      readonly right: number;
      readonly how: JoinKind;
      /** As long as `rightOn`; both are empty for a cross join. */
      readonly leftOn: readonly ExpressionJson[];
      readonly rightOn: readonly ExpressionJson[];
      readonly suffix: string;
      /** null: what Polars does for the kind of join. */
      readonly coalesce: boolean | null;
      readonly nullsEqual: boolean;
      /** How often keys may come on each side; Polars fails when they come more often. */
      readonly validate: 'm:m' | '1:1' | '1:m' | 'm:1';
      /** Order of rows that must be kept; null promises none. */
      readonly maintainOrder: 'none' | 'left' | 'right' | 'left_right' | 'right_left' | null;
    }
  /** Each row of the left beside the nearest one of the right. Both sides are in order of the key. */
  | {
      readonly op: 'join_asof';
      readonly left: number;
      readonly right: number;
      readonly leftOn: string;
      readonly rightOn: string;
      readonly leftBy: readonly string[];
      readonly rightBy: readonly string[];
      readonly strategy: 'backward' | 'forward' | 'nearest';
      readonly suffix: string;
      /** A decimal number, or a length of time like `2h`. */
      readonly tolerance: string | boolean | null;
      readonly isTimeTolerance: boolean;
      readonly coalesce: boolean;
      readonly allowExactMatches: boolean;
    }
  /** Groups by windows of an index that is in order, within each group of the keys. */
  | {
      readonly op: 'group_by_dynamic';
      readonly input: number;
      readonly index: string;
      readonly every: string;
      readonly period: string;
      readonly offset: string;
      readonly includeBoundaries: boolean;
      readonly closed: string;
      readonly label: string;
      readonly startBy: string;
      readonly keys: readonly string[];
      readonly aggregations: readonly ExpressionJson[];
    }
  | {
      readonly op: 'group_by_rolling';
      readonly input: number;
      readonly index: string;
      readonly period: string;
      readonly offset: string;
      readonly closed: string;
      readonly keys: readonly string[];
      readonly aggregations: readonly ExpressionJson[];
    }
  /** The first or last rows of each group, keys first. */
  | {
      readonly op: 'group_rows';
      readonly input: number;
      readonly keys: readonly ExpressionJson[];
      readonly maintainOrder: boolean;
      readonly count: number;
      readonly isFromEnd: boolean;
    }
  | {
      readonly op: 'sort';
      readonly input: number;
      /** `descending` and `nullsLast` have one member for each of these. */
      readonly by: readonly ExpressionJson[];
      readonly descending: readonly boolean[];
      readonly nullsLast: readonly boolean[];
      readonly maintainOrder: boolean;
    }
  | {
      readonly op: 'unique';
      readonly input: number;
      /** null: all columns. */
      readonly subset: readonly string[] | null;
      readonly keep: UniqueKeep;
      readonly maintainOrder: boolean;
    }
  /** Rows from `offset` (negative: from the end) on, at most `length` (0 to 4294967295). */
  | {
      readonly op: 'slice';
      readonly input: number;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly op: 'tail'; readonly input: number; readonly length: number }
  | { readonly op: 'reverse'; readonly input: number }
  /** Pairs of old and new name. A pair with equal names does nothing. */
  | {
      readonly op: 'rename';
      readonly input: number;
      readonly names: readonly (readonly [from: string, to: string])[];
    }
  | { readonly op: 'drop'; readonly input: number; readonly columns: readonly string[] }
  /** Drops rows that have a null in one of the columns; null: in any column. */
  | {
      readonly op: 'drop_nulls';
      readonly input: number;
      readonly subset: readonly string[] | null;
    }
  | {
      readonly op: 'explode' | 'unnest';
      readonly input: number;
      readonly columns: readonly string[];
    }
  | {
      readonly op: 'unpivot';
      readonly input: number;
      readonly index: readonly string[];
      /** null: all columns but those of `index`. */
      readonly on: readonly string[] | null;
      readonly variableName: string;
      readonly valueName: string;
    }
  | {
      readonly op: 'with_row_index';
      readonly input: number;
      readonly name: string;
      readonly offset: number;
    }
  /** One SELECT of Polars' SQL over earlier nodes under these names. */
  | {
      readonly op: 'sql';
      readonly inputs: readonly { readonly name: string; readonly node: number }[];
      readonly query: string;
    }
  | { readonly op: 'concat'; readonly inputs: readonly number[]; readonly how: ConcatKind };
