import type { DataType } from '../data-type.ts';
import type { Span } from '../problems.ts';

/** SQL as it is written, before names mean anything. */
export type SqlExpression =
  /** `a`, `t.a`, `t.s.field` */
  | { readonly kind: 'name'; readonly parts: readonly SqlName[]; readonly span: Span }
  | { readonly kind: 'number'; readonly text: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly span: Span }
  /** `DATE '2024-01-31'` */
  | {
      readonly kind: 'moment';
      readonly type: MomentKind;
      readonly text: string;
      readonly span: Span;
    }
  | { readonly kind: 'interval'; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | 'not';
      readonly operand: SqlExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: SqlExpression;
      readonly right: SqlExpression;
      readonly span: Span;
      readonly operatorSpan: Span;
    }
  | {
      readonly kind: 'between';
      readonly operand: SqlExpression;
      readonly low: SqlExpression;
      readonly high: SqlExpression;
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'in';
      readonly operand: SqlExpression;
      readonly items: readonly SqlExpression[];
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'inQuery';
      readonly operand: SqlExpression;
      readonly query: SqlSelection;
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'exists';
      readonly query: SqlSelection;
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'like';
      readonly operand: SqlExpression;
      readonly pattern: SqlExpression;
      readonly how: 'like' | 'ilike' | 'regexp';
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'is';
      readonly operand: SqlExpression;
      readonly what: 'null' | 'true' | 'false';
      readonly isNegated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'case';
      readonly operand: SqlExpression | null;
      readonly branches: readonly (readonly [when: SqlExpression, then: SqlExpression])[];
      readonly otherwise: SqlExpression | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'cast';
      readonly operand: SqlExpression;
      readonly type: DataType;
      readonly isStrict: boolean;
      readonly span: Span;
    }
  | SqlCall
  /** In `count(*)`. */
  | { readonly kind: 'star'; readonly span: Span }
  | { readonly kind: 'subquery'; readonly query: SqlSelection; readonly span: Span }
  /** Polars reads it, and no tree says the same. */
  | { readonly kind: 'unfollowed'; readonly what: string; readonly span: Span };

export type MomentKind = 'date' | 'time' | 'timestamp';

export type SqlCall = {
  readonly kind: 'call';
  /** In lower case. */
  readonly name: string;
  readonly arguments: readonly SqlExpression[];
  readonly isDistinct: boolean;
  readonly orderBy: readonly SqlOrder[];
  readonly limit: SqlExpression | null;
  readonly filter: SqlExpression | null;
  readonly over: SqlWindow | null;
  readonly span: Span;
  readonly nameSpan: Span;
};

export type SqlName = { readonly name: string; readonly span: Span };

export type SqlOrder = {
  readonly by: SqlExpression;
  readonly isDescending: boolean;
  /** null: as the direction has it. */
  readonly nullsFirst: boolean | null;
};

export type SqlWindow = {
  /** Of a window of the `WINDOW` clause. */
  readonly name: SqlName | null;
  readonly partitionBy: readonly SqlExpression[];
  readonly orderBy: readonly SqlOrder[];
  /** What Polars would refuse of its frame. */
  readonly frame: string | null;
  readonly span: Span;
};

export type SqlItem =
  | { readonly kind: 'expression'; readonly value: SqlExpression; readonly alias: SqlName | null }
  /** `*` and `t.*` with what may follow them. */
  | {
      readonly kind: 'all';
      readonly table: SqlName | null;
      readonly exclude: readonly SqlName[];
      readonly like: string | null;
      readonly rename: readonly (readonly [from: SqlName, to: SqlName])[];
      readonly replace: readonly (readonly [value: SqlExpression, name: SqlName])[];
      readonly span: Span;
    };

export type SqlTable =
  | {
      readonly kind: 'table';
      readonly name: SqlName;
      readonly alias: SqlName | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'derived';
      readonly query: SqlSelection;
      readonly alias: SqlName | null;
      readonly columns: readonly SqlName[];
      readonly span: Span;
    }
  | { readonly kind: 'unfollowed'; readonly what: string; readonly span: Span };

export type SqlJoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross' | SqlHalfJoin;
export type SqlHalfJoin = 'semi' | 'anti' | 'right semi' | 'right anti';

export type SqlJoin = {
  readonly how: SqlJoinKind;
  readonly table: SqlTable;
  readonly on: SqlExpression | null;
  readonly using: readonly SqlName[];
  readonly isNatural: boolean;
  readonly span: Span;
};

export type SqlSource = { readonly table: SqlTable; readonly joins: readonly SqlJoin[] };

export type SqlClause<T> = T & { readonly span: Span };

export type SqlSelect = {
  readonly kind: 'select';
  readonly distinct: 'none' | 'all' | readonly SqlExpression[];
  readonly items: readonly SqlItem[];
  readonly from: readonly SqlSource[];
  readonly where: SqlClause<{ readonly condition: SqlExpression }> | null;
  readonly groupBy: SqlClause<{ readonly keys: readonly SqlExpression[] | 'all' }> | null;
  readonly having: SqlClause<{ readonly condition: SqlExpression }> | null;
  readonly qualify: SqlClause<{ readonly condition: SqlExpression }> | null;
  readonly windows: readonly (readonly [name: SqlName, window: SqlWindow])[];
  /** Of the select list. */
  readonly span: Span;
};

export type SqlBody =
  | SqlSelect
  | { readonly kind: 'nested'; readonly query: SqlSelection; readonly span: Span }
  | {
      readonly kind: 'combined';
      readonly how: 'union' | 'intersect' | 'except';
      readonly isAll: boolean;
      readonly isByName: boolean;
      readonly left: SqlBody;
      readonly right: SqlBody;
      readonly span: Span;
    }
  | { readonly kind: 'table'; readonly name: SqlName; readonly span: Span }
  | { readonly kind: 'unfollowed'; readonly what: string; readonly span: Span };

export type SqlSelection = {
  readonly with: readonly {
    readonly name: SqlName;
    readonly columns: readonly SqlName[];
    readonly query: SqlSelection;
  }[];
  readonly body: SqlBody;
  readonly orderBy: SqlClause<{ readonly keys: readonly SqlOrder[] }> | null;
  readonly limit: SqlExpression | null;
  readonly offset: SqlExpression | null;
  readonly span: Span;
};
