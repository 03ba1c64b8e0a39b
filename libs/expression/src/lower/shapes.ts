import type { Json } from '../json.ts';
import { dataTypeJson } from './data-type-json.ts';
import type { DataType } from '../data-type.ts';

/** Building blocks of Polars' expression JSON, as `pl.Expr.serialize('json')` of the bundled version writes them. */
export const func = (input: readonly Json[], name: Json): Json => ({
  Function: { input, function: name },
});
export const binary = (left: Json, op: string, right: Json): Json => ({
  BinaryExpr: { left, op, right },
});
export const integerLiteral = (value: bigint | number): Json => ({
  Literal: { Dyn: { Int: value } },
});
export const floatLiteral = (value: number): Json => ({ Literal: { Dyn: { Float: value } } });
export const stringLiteral = (value: string): Json => ({ Literal: { Scalar: { String: value } } });
export const booleanLiteral = (value: boolean): Json => ({
  Literal: { Scalar: { Boolean: value } },
});
export const NULL_LITERAL: Json = { Literal: { Scalar: { Null: 'Null' } } };
export const alias = (expr: Json, name: string): Json => ({ Alias: [expr, name] });
export const cast = (expr: Json, type: DataType, isStrict = true): Json => ({
  Cast: {
    expr,
    dtype: { Literal: dataTypeJson(type) },
    options: isStrict ? 'Strict' : 'NonStrict',
  },
});
export const ternary = (predicate: Json, truthy: Json, falsy: Json): Json => ({
  Ternary: { predicate, truthy, falsy },
});
export const slice = (input: Json, offset: Json, length: Json): Json => ({
  Slice: { input, offset, length },
});
export const sortOptions = (descending: Json, nullsLast: Json, maintainOrder = false): Json => ({
  descending,
  nulls_last: nullsLast,
  multithreaded: true,
  maintain_order: maintainOrder,
  limit: null,
});
