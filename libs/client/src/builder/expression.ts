import { Aggregate } from './aggregate.ts';
import {
  fractionOf,
  isInteger,
  sumOf,
  type ColumnType,
  type FractionOf,
  type NumberType,
  type SumOf,
  type TimeType,
} from './column-types.ts';
import { Parameter, type ParameterType } from './parameter.ts';

/** Which parameters go with which columns. */
type ParameterFor<Type extends ColumnType> = Type extends NumberType
  ? Parameter<'integer' | 'float'>
  : Type extends 'String'
    ? Parameter<'string'>
    : Type extends 'Boolean'
      ? Parameter<'boolean'>
      : Type extends TimeType
        ? Parameter<'date' | 'datetime'>
        : never;

type LiteralFor<Type extends ColumnType> = Type extends NumberType
  ? number
  : Type extends 'String'
    ? string
    : Type extends 'Boolean'
      ? boolean
      : never;

/** What may stand beside a column of this type: another of the same type, a parameter, a value. */
export type Operand<Type extends ColumnType> =
  | Expression<Type>
  | ParameterFor<Type>
  | LiteralFor<Type>;

type Numbers = Expression<NumberType>;
type Texts = Expression<'String'>;
type Times = Expression<TimeType>;
type Truths = Expression<'Boolean'>;

/**
 * A value of each row, with its type. Both sides of an operation have the same type: whoever means another says so with
 * `cast`.
 */
export class Expression<Type extends ColumnType = ColumnType> {
  /** As Polars for Python reads it. */
  readonly text: string;
  readonly type: Type;

  constructor(text: string, type: Type) {
    this.text = text;
    this.type = type;
  }

  eq(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('==', other);
  }

  ne(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('!=', other);
  }

  gt(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('>', other);
  }

  ge(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('>=', other);
  }

  lt(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('<', other);
  }

  le(other: Operand<Type>): Expression<'Boolean'> {
    return this.#compare('<=', other);
  }

  isNull(): Expression<'Boolean'> {
    return new Expression(`${this.text}.is_null()`, 'Boolean');
  }

  isNotNull(): Expression<'Boolean'> {
    return new Expression(`${this.text}.is_not_null()`, 'Boolean');
  }

  /** This, or the other where it is null. */
  fillNull(other: Operand<Type>): Expression<Type> {
    return new Expression(`${this.text}.fill_null(${this.#operand(other)})`, this.type);
  }

  cast<Wanted extends ColumnType>(type: Wanted): Expression<Wanted> {
    return new Expression(`${this.text}.cast(pl.${type})`, type);
  }

  plus(this: Numbers, other: Operand<Type>): Expression<Type> {
    return arithmetic(this, '+', other);
  }

  minus(this: Numbers, other: Operand<Type>): Expression<Type> {
    return arithmetic(this, '-', other);
  }

  times(this: Numbers, other: Operand<Type>): Expression<Type> {
    return arithmetic(this, '*', other);
  }

  dividedBy(this: Numbers, other: Operand<Type>): Expression<FractionOf<Type>> {
    const { text } = arithmetic(this, '/', other);
    return new Expression(text, fractionOf(this.type) as FractionOf<Type>);
  }

  round(this: Numbers, decimals = 0): Expression<Type> {
    return new Expression(`${this.text}.round(${decimals})`, this.type as Type);
  }

  and(this: Truths, other: Truths): Expression<'Boolean'> {
    return new Expression(`(${this.text} & ${other.text})`, 'Boolean');
  }

  or(this: Truths, other: Truths): Expression<'Boolean'> {
    return new Expression(`(${this.text} | ${other.text})`, 'Boolean');
  }

  not(this: Truths): Expression<'Boolean'> {
    return new Expression(`(~${this.text})`, 'Boolean');
  }

  upper(this: Texts): Expression<'String'> {
    return new Expression(`${this.text}.str.to_uppercase()`, 'String');
  }

  lower(this: Texts): Expression<'String'> {
    return new Expression(`${this.text}.str.to_lowercase()`, 'String');
  }

  trim(this: Texts): Expression<'String'> {
    return new Expression(`${this.text}.str.strip_chars()`, 'String');
  }

  /** Whether it has this text in it, as it stands. */
  contains(this: Texts, part: string): Expression<'Boolean'> {
    return new Expression(`${this.text}.str.contains(${quote(part)}, literal=True)`, 'Boolean');
  }

  startsWith(this: Texts, start: string): Expression<'Boolean'> {
    return new Expression(`${this.text}.str.starts_with(${quote(start)})`, 'Boolean');
  }

  year(this: Times): Expression<'Int32'> {
    return new Expression(`${this.text}.dt.year()`, 'Int32');
  }

  month(this: Times): Expression<'Int8'> {
    return new Expression(`${this.text}.dt.month()`, 'Int8');
  }

  /** The day on which the instant is. */
  date(this: Times): Expression<'Date'> {
    return new Expression(`${this.text}.dt.date()`, 'Date');
  }

  sum(this: Numbers): Aggregate<SumOf<Type>> {
    return new Aggregate(`${this.text}.sum()`, sumOf(this.type) as SumOf<Type>);
  }

  mean(this: Numbers): Aggregate<FractionOf<Type>> {
    return new Aggregate(`${this.text}.mean()`, fractionOf(this.type) as FractionOf<Type>);
  }

  min(): Aggregate<Type> {
    return new Aggregate(`${this.text}.min()`, this.type);
  }

  max(): Aggregate<Type> {
    return new Aggregate(`${this.text}.max()`, this.type);
  }

  first(): Aggregate<Type> {
    return new Aggregate(`${this.text}.first()`, this.type);
  }

  /** How many are not null. */
  count(): Aggregate<'UInt32'> {
    return new Aggregate(`${this.text}.count()`, 'UInt32');
  }

  countDistinct(): Aggregate<'UInt32'> {
    return new Aggregate(`${this.text}.n_unique()`, 'UInt32');
  }

  #compare(operator: string, other: Operand<Type>): Expression<'Boolean'> {
    return new Expression(`(${this.text} ${operator} ${this.#operand(other)})`, 'Boolean');
  }

  #operand(other: Operand<Type>): string {
    return operandText(other, this.type);
  }
}

function arithmetic<Type extends ColumnType>(
  left: Expression<NumberType>,
  operator: string,
  right: Operand<Type>,
): Expression<Type> {
  const text = `(${left.text} ${operator} ${operandText(right, left.type)})`;
  return new Expression(text, left.type as unknown as Type);
}

type AnyOperand = Expression | Parameter<ParameterType> | string | number | boolean;

function operandText(other: AnyOperand, type: ColumnType): string {
  if (other instanceof Expression) return other.text;
  if (other instanceof Parameter) return other.reference;
  if (typeof other === 'string') return quote(other);
  if (typeof other === 'boolean') return other ? 'True' : 'False';
  if (isInteger(type) && !Number.isSafeInteger(other))
    throw new TypeError(`${other} is no whole number: cast the ${type} to Float64 first`);
  return Number.isFinite(other) ? String(other) : `float("${other}")`;
}

/** A text of Python: the escapes of JSON are among its own. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** Polars text of which only you know the type; Floe checks it when the workflow is applied. */
export function polars<Type extends ColumnType>(type: Type, text: string): Expression<Type> {
  return new Expression(`(${text})`, type);
}
