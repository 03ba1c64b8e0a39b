import type { DataType, TimeUnit } from './data-type.ts';
import type { Span } from './problems.ts';

/**
 * The one tree of a Polars text. It is plain JSON: integers and floats are kept as text. Names are resolved: a frame
 * refers to an input or to an earlier statement, and every method is an entry of the catalogue with its arguments by
 * parameter name, defaults filled in. Nothing in it depends on schemas or on values of parameters.
 */
export type Program = {
  readonly text: string;
  readonly inputs: readonly string[];
  readonly statements: readonly Statement[];
  readonly parameters: readonly string[];
  /** In what the text is written; Polars where nothing is said. */
  readonly language?: 'sql';
};

/** `name = frame`; the last one may stand without a name. Its frame is the program's result. */
export type Statement = {
  readonly name: string | null;
  readonly frame: Frame;
  readonly span: Span;
};

export type Frame =
  | { readonly kind: 'input'; readonly name: string; readonly span: Span }
  | { readonly kind: 'statement'; readonly index: number; readonly span: Span }
  | {
      readonly kind: 'operation';
      /** Name in the frame catalogue. */
      readonly method: string;
      readonly input: Frame | null;
      readonly arguments: Arguments;
      readonly span: Span;
      readonly nameSpan: Span;
    };

export type Expression =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly span: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'columns';
      readonly selector: Selector;
      readonly span: Span;
      /** Made by `cs`: then `|`, `&`, `-`, `^` and `~` choose columns, too. */
      readonly isSelector?: true;
    }
  /** One list as a value, as in `is_in([1, 2])`. */
  /** `pl.element()`: a member of the list over which the expression is evaluated. */
  | { readonly kind: 'element'; readonly span: Span }
  /** `pl.field("a")`: a field of the struct over which the expression is evaluated. */
  | { readonly kind: 'field'; readonly name: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: 'call';
      /** Name in the expression catalogue, like `str.contains`. */
      readonly method: string;
      readonly receiver: Expression | null;
      readonly arguments: Arguments;
      readonly span: Span;
      readonly nameSpan: Span;
    };

export type Selector =
  /** `isMultiple` tells `pl.col(["a"])` from `pl.col("a")`. */
  | {
      readonly kind: 'names';
      readonly names: readonly Name[];
      readonly isMultiple: boolean;
      /** Names that are no columns are passed over. */
      readonly isLenient?: true;
    }
  | { readonly kind: 'all' }
  | { readonly kind: 'types'; readonly types: readonly DataType[] }
  | { readonly kind: 'class'; readonly class: TypeClass }
  | {
      readonly kind: 'moments';
      readonly of: 'datetime' | 'duration';
      readonly units: readonly TimeUnit[];
      /** `any`: with a zone or without; null: without. */
      readonly zone: 'any' | 'set' | null | { readonly name: string };
    }
  /** A regular expression of Polars over names. */
  | { readonly kind: 'matches'; readonly pattern: string }
  /** Places from 0; negative ones count from the end. */
  | { readonly kind: 'places'; readonly places: readonly number[]; readonly isLenient: boolean }
  | {
      readonly kind: 'combined';
      readonly how: 'union' | 'intersection' | 'difference' | 'symmetric_difference';
      readonly left: Selector;
      readonly right: Selector;
    };

/** Classes of types as `cs` names them. */
export type TypeClass =
  | 'numeric'
  | 'integer'
  | 'signed_integer'
  | 'unsigned_integer'
  | 'float'
  | 'decimal'
  | 'temporal'
  | 'categorical'
  | 'enum'
  | 'nested'
  | 'list'
  | 'array'
  | 'struct';

export type Name = { readonly name: string; readonly span: Span };

export type Literal =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Decimal digits with an optional minus; fits 64 bits. */
  | { readonly kind: 'integer'; readonly value: string }
  /** Text of a finite double. */
  | { readonly kind: 'float'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string }
  /** Bytes in hexadecimal digits. */
  | { readonly kind: 'binary'; readonly hex: string }
  /** Days since 1970-01-01. */
  | { readonly kind: 'date'; readonly days: number }
  /** Nanoseconds since midnight, as text. */
  | { readonly kind: 'time'; readonly nanoseconds: string }
  /** Microseconds since 1970-01-01T00:00:00, as text. */
  | { readonly kind: 'datetime'; readonly microseconds: string; readonly timezone: string | null }
  | { readonly kind: 'duration'; readonly microseconds: string };

/** What must be known before the plan is made: a literal, or a parameter of the workflow. */
export type Constant =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly span: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly span: Span };

/** Arguments by the parameter's name in the catalogue. An optional expression that was not given is absent. */
export type Arguments = { readonly [parameter: string]: Argument };

export type Argument =
  | { readonly kind: 'expressions'; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'constants'; readonly items: readonly Constant[]; readonly span: Span }
  | { readonly kind: 'names'; readonly names: readonly Name[]; readonly span: Span }
  | { readonly kind: 'type'; readonly type: DataType; readonly span: Span }
  | {
      readonly kind: 'types';
      readonly types: readonly (readonly [Name, DataType])[];
      readonly span: Span;
    }
  | {
      readonly kind: 'renames';
      readonly pairs: readonly (readonly [Name, Name])[];
      readonly span: Span;
    }
  | { readonly kind: 'frames'; readonly items: readonly Frame[]; readonly span: Span };
