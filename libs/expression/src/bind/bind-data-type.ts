import { nearestName } from '@floe/errors';
import type { DataType, TimeUnit } from '../data-type.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import {
  BOOLEAN,
  DATE,
  FLOAT64,
  INT64,
  NULL,
  STRING,
  TIME,
  array,
  datetime,
  duration,
  list,
} from '../types/kinds.ts';
import { report, type Binder } from './binder.ts';
import { constantOf, literalOf } from './bind-constant.ts';

const SIMPLE_TYPES: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ['Boolean', BOOLEAN],
  ['Int8', { kind: 'int8' }],
  ['Int16', { kind: 'int16' }],
  ['Int32', { kind: 'int32' }],
  ['Int64', INT64],
  ['UInt8', { kind: 'uint8' }],
  ['UInt16', { kind: 'uint16' }],
  ['UInt32', { kind: 'uint32' }],
  ['UInt64', { kind: 'uint64' }],
  ['Float32', { kind: 'float32' }],
  ['Float64', FLOAT64],
  ['String', STRING],
  ['Utf8', STRING],
  ['Binary', { kind: 'binary' }],
  ['Date', DATE],
  ['Time', TIME],
  ['Datetime', datetime('us', null)],
  ['Duration', duration('us')],
  ['Categorical', { kind: 'categorical' }],
  ['Null', NULL],
]);

const PYTHON_TYPES: ReadonlyMap<string, DataType> = new Map([
  ['int', INT64],
  ['float', FLOAT64],
  ['str', STRING],
  ['bool', BOOLEAN],
]);

const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns'];
const LARGEST_PRECISION = 38;
/** Members of an array type; each row holds as many. */
const LARGEST_WIDTH = 100_000;

/** Whether the syntax has the form of a type, like `pl.Int64` or `pl.List(pl.Int64)`. */
export function looksLikeType(syntax: Syntax): boolean {
  const base = syntax.kind === 'call' ? syntax.callee : syntax;
  if (base.kind === 'name') return syntax.kind === 'name' && PYTHON_TYPES.has(base.name);
  return isPolars(base) && base.kind === 'attribute' && /^[A-Z]/.test(base.name);
}

function isPolars(syntax: Syntax): boolean {
  return (
    syntax.kind === 'attribute' && syntax.object.kind === 'name' && syntax.object.name === 'pl'
  );
}

export function bindDataType(binder: Binder, syntax: Syntax): DataType | null {
  if (syntax.kind === 'refused') return null;
  if (syntax.kind === 'name' && PYTHON_TYPES.has(syntax.name))
    return PYTHON_TYPES.get(syntax.name) ?? null;
  const base = syntax.kind === 'call' ? syntax.callee : syntax;
  if (base.kind !== 'attribute' || !isPolars(base)) {
    return report(binder, syntax.span, [
      'a type is expected here',
      'like pl.Int64 or pl.Datetime("us")',
    ]);
  }
  const found =
    syntax.kind === 'call' ? parametric(binder, syntax, base.name) : SIMPLE_TYPES.get(base.name);
  if (found === null) return null;
  if (found) return found;
  const near = nearestName(base.name, [...SIMPLE_TYPES.keys(), 'List', 'Decimal', 'Struct']);
  const message = `\`pl.${base.name}\` is not a type that can be used here`;
  return report(binder, base.nameSpan, [
    message,
    near ? `did you mean pl.${near}?` : 'types are like pl.Int64, pl.String, pl.Date',
  ]);
}

/** null: reported. undefined: no such type. */
function parametric(binder: Binder, call: CallSyntax, name: string): DataType | null | undefined {
  if (name === 'List' && call.positional[0] && call.positional.length === 1) {
    const inner = bindDataType(binder, call.positional[0]);
    return inner && list(inner);
  }
  if (name === 'Array') return arrayType(binder, call);
  if (name === 'Datetime' || name === 'Duration') return timeType(binder, call, name);
  if (name === 'Decimal') return decimalType(binder, call);
  if (name === 'struct_with_fields' || name === 'Struct') return structType(binder, call);
  const isPlain = call.positional.length === 0 && call.keywords.length === 0;
  return isPlain ? SIMPLE_TYPES.get(name) : undefined;
}

function arrayType(binder: Binder, call: CallSyntax): DataType | null {
  const [innerSyntax, byPlace] = call.positional;
  const shape =
    byPlace ?? call.keywords.find(({ name }) => name === 'shape' || name === 'width')?.value;
  const literal = shape && literalOf(shape);
  const width = literal?.kind === 'integer' ? Number(literal.value) : Number.NaN;
  const inner = innerSyntax ? bindDataType(binder, innerSyntax) : null;
  if (innerSyntax && inner === null) return null;
  if (inner && width >= 0 && width <= LARGEST_WIDTH) return array(inner, width);
  return report(binder, call.span, [
    'pl.Array needs a type and a width',
    'like pl.Array(pl.Int64, 3)',
  ]);
}

function textArgument(call: CallSyntax, index: number, name: string): string | null | undefined {
  const syntax =
    call.positional[index] ?? call.keywords.find((keyword) => keyword.name === name)?.value;
  if (syntax === undefined || syntax.kind === 'none') return null;
  return syntax.kind === 'string' ? syntax.value : undefined;
}

function timeType(
  binder: Binder,
  call: CallSyntax,
  name: 'Datetime' | 'Duration',
): DataType | null {
  const unitText = textArgument(call, 0, 'time_unit') ?? 'us';
  const unit = UNITS.find((known) => known === unitText);
  const timezone = textArgument(call, 1, 'time_zone');
  if (unit === undefined || timezone === undefined) {
    return report(binder, call.span, [
      `this is not a valid pl.${name}`,
      `like pl.${name}("us"); units are ms, us, ns`,
    ]);
  }
  return name === 'Duration' ? duration(unit) : datetime(unit, timezone);
}

function decimalType(binder: Binder, call: CallSyntax): DataType | null {
  const [precision, scale] = ['precision', 'scale'].map((name, index) => {
    const syntax =
      call.positional[index] ?? call.keywords.find((keyword) => keyword.name === name)?.value;
    const constant = syntax && constantOf(syntax);
    const isInteger = constant?.kind === 'literal' && constant.literal.kind === 'integer';
    return isInteger && constant.literal.kind === 'integer'
      ? Number(constant.literal.value)
      : Number.NaN;
  });
  const isFine =
    precision !== undefined &&
    scale !== undefined &&
    precision >= 1 &&
    precision <= LARGEST_PRECISION &&
    scale >= 0 &&
    scale <= precision;
  if (isFine) return { kind: 'decimal', precision, scale };
  return report(binder, call.span, [
    'pl.Decimal needs precision and scale',
    'like pl.Decimal(18, 2), with a precision of at most 38',
  ]);
}

function structType(binder: Binder, call: CallSyntax): DataType | null {
  const [fields] = call.positional;
  if (fields?.kind !== 'dictionary') {
    return report(binder, call.span, [
      'pl.Struct needs its fields',
      'like pl.Struct({"x": pl.Int64})',
    ]);
  }
  const columns = fields.entries.map(([key, value]) => {
    const type = bindDataType(binder, value);
    return key.kind === 'string' && type ? { name: key.value, type } : null;
  });
  const bound = columns.filter((column) => column !== null);
  return bound.length === columns.length ? { kind: 'struct', fields: bound } : null;
}
