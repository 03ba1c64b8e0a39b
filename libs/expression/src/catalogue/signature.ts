import type { DataType } from '../data-type.ts';
import type { Json } from '../json.ts';
import type { Literal } from '../program.ts';
import type { Typed } from '../types/supertype.ts';

/**
 * What an argument may be.
 * - `column`: an expression; text names a column. `value`: an expression; text is text.
 * - `values`: an expression, or a list of values as one value. `rows`: the same, with each member a row of its own.
 * - `literals`: a list of literals, or one of them, with the type that Python would give it.
 * - `members`: an expression in which `pl.element()` is a member of the receiver; `fields`: the same for `pl.field`.
 * - `integer` .. `scalar`: a literal or a parameter of the workflow. `names`: column names.
 */
export type Accepts =
  | 'column'
  | 'value'
  | 'values'
  | 'rows'
  | 'literals'
  | 'members'
  | 'fields'
  | 'integer'
  | 'number'
  | 'boolean'
  /** A length of time like "1d", or Python's timedelta. */
  | 'interval'
  | 'string'
  | 'names'
  /** Columns by name or by a selector, as expressions. */
  | 'choices'
  /** A distance: a number, or a length of time. */
  | 'tolerance'
  | 'type'
  | 'types'
  | 'renames'
  | 'frames';

/** How an argument takes part in lineage; `value` where nothing is said. */
export type Role = 'value' | 'condition' | 'filter' | 'sort' | 'window';

export type Parameter = {
  readonly name: string;
  readonly accepts: Accepts;
  /** What is used when the argument is missing; without it the argument is required, unless `isOptional`. */
  readonly fallback?: Literal;
  readonly isOptional?: true;
  /** Takes a list, too. */
  readonly isMany?: true;
  /** Takes all the positional arguments from here on. */
  readonly isVariadic?: boolean;
  /** Takes keyword arguments of any name as named expressions. */
  readonly isNamed?: true;
  /** Takes keyword arguments of any name as conditions: `a=1` is `pl.col("a") == 1`. */
  readonly isConstraint?: true;
  readonly isKeywordOnly?: true;
  /** Known, and refused with any value but the fallback. */
  readonly isOnlyFallback?: true;
  readonly isNullable?: true;
  readonly choices?: readonly string[];
  readonly role?: Role;
};

/** How many rows an expression gives: one for each row, one in all, or some other number. */
export type Shape = 'elementwise' | 'aggregate' | 'window' | 'resize';

export type LineageClass = 'identity' | 'transformation' | 'aggregation' | 'masking';

export type Mismatch = { readonly problem: string; readonly hint?: string };

/** What a type rule sees of a call. */
export type TypeCall = {
  readonly method: string;
  /** The receiver, if there is one, and then the expressions among the arguments in order of the parameters. */
  readonly operands: readonly Typed[];
  /** The names of the operands' outputs. */
  readonly names: readonly string[];
  readonly operand: (parameter: string) => Typed | undefined;
  /** The value of a constant; undefined when it is absent or a parameter of the workflow. */
  readonly constant: (parameter: string) => Literal | undefined;
  /** Texts of a list of constants; empty when there is none. */
  readonly texts: (parameter: string) => readonly string[];
  /** Integers of a list of constants; null for a parameter of the workflow. */
  readonly integers: (parameter: string) => readonly (bigint | null)[];
  readonly type: (parameter: string) => DataType | undefined;
};

export type TypeRule = (call: TypeCall) => DataType | Mismatch;

/** What a lowering sees of a call: everything is resolved and already in Polars' form. */
export type LowerCall = {
  /** The receiver, if there is one, and then the expressions among the arguments in order of the parameters. */
  readonly operands: readonly Json[];
  readonly receiver: Json;
  readonly has: (parameter: string) => boolean;
  readonly expression: (parameter: string) => Json;
  readonly expressions: (parameter: string) => readonly Json[];
  readonly isNull: (parameter: string) => boolean;
  readonly text: (parameter: string) => string;
  readonly texts: (parameter: string) => readonly string[];
  readonly numbers: (parameter: string) => readonly number[];
  readonly integers: (parameter: string) => readonly bigint[];
  readonly integer: (parameter: string) => bigint;
  readonly number: (parameter: string) => number;
  readonly flag: (parameter: string) => boolean;
  /** One flag for each of `count` members: a single one given counts for all. */
  readonly flags: (parameter: string, count: number) => readonly boolean[];
  readonly type: (parameter: string) => DataType;
  readonly typeOrNull: (parameter: string) => DataType | null;
};

export type Entry = {
  /** Like `sum`, `str.contains` or, for functions, `pl.concat_str`. */
  readonly name: string;
  /** Says that the bundled Polars lacks the function, and what equal expression runs instead. */
  readonly rewrittenAs?: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly shape: Shape;
  readonly lineage: LineageClass;
  /** A fixed name of the output; without it the output is named after the first operand. */
  readonly outputName?: string;
  /** Where the name depends on more than one operand. */
  readonly nameOf?: (operands: readonly { name: string; isLiteral: boolean }[]) => string;
  /** The parameter after whose expression the output is named, where it is not the first operand. */
  readonly namedAfter?: string;
  /** Whether nulls of the first operand decide which value is taken: then it is a condition, too. */
  readonly isDeciding?: true;
  readonly type: TypeRule;
  readonly lower: (call: LowerCall) => Json;
};

export type FrameEntry = {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
};
