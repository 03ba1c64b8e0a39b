import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import {
  FLOAT32,
  FLOAT64,
  INT64,
  UINT32,
  UNKNOWN,
  bitsOf,
  datetime,
  duration,
  integerOf,
  isFloat,
  isInteger,
  isNumeric,
  isOpen,
  isTemporal,
  isUnsigned,
} from '../types/kinds.ts';
import type { OperatorRule } from '../types/operators.ts';
import { supertype, typed, type Typed } from '../types/supertype.ts';
import type { Mismatch, TypeRule } from './signature.ts';

/** Rules for the types of results, by which the rows of the catalogue say what they give. */
type FromFirst = (type: DataType) => DataType;

export const unchanged: FromFirst = (type) => type;

export const same: TypeRule = ({ operands }) => operands[0]?.type ?? UNKNOWN;

export const always =
  (type: DataType): TypeRule =>
  () =>
    type;

/** The result computed from the type of the first operand alone. */
export const from =
  (result: FromFirst): TypeRule =>
  ({ operands }) =>
    result(operands[0]?.type ?? UNKNOWN);

/** Like `from`, for a first operand that must be of some class of types. */
function requiring(what: string, isFine: (type: DataType) => boolean) {
  return (result: DataType | FromFirst): TypeRule =>
    ({ method, operands }) => {
      const type = operands[0]?.type ?? UNKNOWN;
      if (!isOpen(type) && !isFine(type)) return wrongReceiver(method, what, type);
      return typeof result === 'function' ? result(type) : result;
    };
}

function wrongReceiver(method: string, what: string, type: DataType): Mismatch {
  const hint =
    what === 'String'
      ? 'convert it before: .cast(pl.String)'
      : what === 'Boolean'
        ? 'compare it with something, like `> 0`'
        : `use it on a ${what} column, or .cast(...) before`;
  return { problem: `\`${method}\` needs a ${what} column, not ${formatDataType(type)}`, hint };
}

const isNumberOrBoolean = (type: DataType): boolean => isNumeric(type) || type.kind === 'boolean';

export const onString = requiring('String', (type) => type.kind === 'string');
export const onBooleanOrInteger = requiring(
  'Boolean',
  (type) => type.kind === 'boolean' || isInteger(type),
);
/** Any number counts as true unless it is zero. */
export const onTruth = requiring('Boolean', isNumberOrBoolean);
export const onNumber = requiring('numeric', isNumberOrBoolean);
/** As `onNumber`, where Polars takes no booleans. */
export const onNumeric = requiring('numeric', isNumeric);
export const onSigned = requiring(
  'signed numeric or Duration',
  (type) => (isNumeric(type) && !isUnsigned(type)) || type.kind === 'duration',
);
/** Integers and floats only. */
export const onReal = requiring('numeric', (type) => isInteger(type) || isFloat(type));
export const onNumberOrDuration = requiring(
  'numeric or Duration',
  (type) => isNumberOrBoolean(type) || type.kind === 'duration',
);
export const onAmount = requiring(
  'numeric or Duration',
  (type) => isNumeric(type) || type.kind === 'duration',
);
export const onClippable = requiring(
  'numeric or temporal',
  (type) => isNumeric(type) || isTemporal(type),
);
export const onMeasure = requiring(
  'numeric or temporal',
  (type) => isNumberOrBoolean(type) || isTemporal(type),
);
export const onTemporal = requiring('temporal', isTemporal);
export const onDateOrDatetime = requiring(
  'Date or Datetime',
  (type) => type.kind === 'date' || type.kind === 'datetime',
);
export const onDatetime = requiring('Datetime', (type) => type.kind === 'datetime');
export const onTimeOrDatetime = requiring(
  'Time or Datetime',
  (type) => type.kind === 'time' || type.kind === 'datetime',
);
export const onDuration = requiring('Duration', (type) => type.kind === 'duration');
export const onList = requiring('List', (type) => type.kind === 'list');

export const onArray = requiring('Array', (type) => type.kind === 'array');
export const onStruct = requiring('Struct', (type) => type.kind === 'struct');
export const onBinary = requiring('Binary', (type) => type.kind === 'binary');
export const onCategorical = requiring('Categorical', (type) => type.kind === 'categorical');
export const onBoolean = requiring('Boolean', (type) => type.kind === 'boolean');
export const onInteger = requiring('integer', isInteger);

/** The type of the members of lists and arrays. */
export const innerOf: FromFirst = (type) =>
  type.kind === 'list' || type.kind === 'array' ? type.inner : UNKNOWN;

/** What sqrt, log, std and their like give: Float32 stays, all else becomes Float64. */
export const toFloat: FromFirst = (type) => {
  if (isOpen(type)) return UNKNOWN;
  return type.kind === 'float32' ? FLOAT32 : FLOAT64;
};

/** Lists of the members of arrays, and lists as they are. */
export const asList: FromFirst = (type) =>
  type.kind === 'array' ? { kind: 'list', inner: type.inner } : type;

/** Polars adds narrow integers in Int64, so that sums do not overflow, and counts booleans. */
export const toSum: FromFirst = (type) => {
  if (type.kind === 'boolean') return UINT32;
  if (isInteger(type) && bitsOf(type) <= 16) return INT64;
  return type.kind === 'decimal'
    ? { ...type, precision: 38 }
    : type.kind === 'null'
      ? UNKNOWN
      : type;
};

export const toMean: FromFirst = (type) => {
  if (type.kind === 'date') return datetime('us', null);
  return isTemporal(type) ? type : toFloat(type);
};

export const toDifference: FromFirst = (type) => {
  if (type.kind === 'decimal') return { ...type, precision: 38 };
  if (type.kind === 'date') return duration('us');
  if (type.kind === 'datetime') return duration(type.unit);
  if (type.kind === 'time') return duration('ns');
  return isUnsigned(type) ? integerOf(true, bitsOf(type) * 2) : type;
};

/** A binary operator: both operands, by one of the rules for operators. */
export const operator =
  (symbol: string, rule: OperatorRule): TypeRule =>
  ({ operands: [left, right] }) =>
    left && right ? (rule(left, right) ?? mismatchOf(symbol, left, right)) : UNKNOWN;

export function mismatchOf(symbol: string, left: Typed, right: Typed): Mismatch {
  const [a, b] = [left.type, right.type];
  const isTextAndTime =
    (a.kind === 'string' && isTemporal(b)) || (b.kind === 'string' && isTemporal(a));
  const hint = isTextAndTime
    ? 'compare dates with pl.date(2024, 1, 31) or date(2024, 1, 31), or parse the text with .str.to_date()'
    : 'convert one side with .cast(...)';
  return {
    problem: `\`${symbol}\` cannot combine ${formatDataType(a)} and ${formatDataType(b)}`,
    hint,
  };
}

/** The common type of the operands from `start` on. */
export const common =
  (start = 0): TypeRule =>
  ({ method, operands }) => {
    let met: Typed | undefined;
    for (const operand of operands.slice(start)) {
      if (met === undefined) {
        met = operand;
        continue;
      }
      const type = supertype(met, operand);
      if (type === null) {
        return {
          problem: `\`${method}\` cannot bring ${formatDataType(met.type)} and ${formatDataType(operand.type)} together`,
          hint: 'convert one with .cast(...)',
        };
      }
      const isStillDynamic = met.dynamic !== null && operand.dynamic !== null;
      met = isStillDynamic ? { ...met, type } : typed(type);
    }
    return met?.type ?? UNKNOWN;
  };
