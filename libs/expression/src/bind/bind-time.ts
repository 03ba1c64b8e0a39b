import type { Expression, Literal } from '../program.ts';
import type { CallSyntax } from '../syntax/syntax.ts';
import { report, type Binder } from './binder.ts';
import { literalOf } from './bind-constant.ts';

const DATE_PARTS = ['year', 'month', 'day'] as const;
const CLOCK_PARTS = ['hour', 'minute', 'second', 'microsecond'] as const;
/** Microseconds of each part of Python's timedelta, in the order of its arguments. */
const DELTA_PARTS = {
  days: 86_400_000_000n,
  seconds: 1_000_000n,
  microseconds: 1n,
  milliseconds: 1_000n,
  minutes: 60_000_000n,
  hours: 3_600_000_000n,
  weeks: 604_800_000_000n,
} as const;

const MODULES: ReadonlySet<string> = new Set(['datetime', 'dt']);
const CONSTRUCTORS: ReadonlySet<string> = new Set(['date', 'datetime', 'time', 'timedelta']);

/** `date` for `date(...)`, `datetime.date(...)` and `dt.date(...)`; null for other calls. */
export function timeConstructorOf(call: CallSyntax): string | null {
  const { callee } = call;
  if (callee.kind === 'name') return CONSTRUCTORS.has(callee.name) ? callee.name : null;
  const isModule =
    callee.kind === 'attribute' && callee.object.kind === 'name' && MODULES.has(callee.object.name);
  return isModule && CONSTRUCTORS.has(callee.name) ? callee.name : null;
}

/** A literal of Python's datetime module. */
export function bindTime(binder: Binder, call: CallSyntax, constructor: string): Expression | null {
  const names: readonly string[] =
    constructor === 'timedelta'
      ? Object.keys(DELTA_PARTS)
      : constructor === 'date'
        ? DATE_PARTS
        : constructor === 'time'
          ? CLOCK_PARTS
          : [...DATE_PARTS, ...CLOCK_PARTS];
  const parts = integerParts(call, names);
  const literal = parts && timeLiteral(constructor, parts);
  if (literal) return { kind: 'literal', literal, span: call.span };
  const hint =
    constructor === 'timedelta'
      ? 'write timedelta(days=1, hours=2) with integers, or pl.duration(...) for expressions'
      : constructor === 'time'
        ? 'write time(23, 59, 59), or pl.time(...) for expressions'
        : `write ${constructor}(2024, 1, 31) with a day that exists, or pl.${constructor}(...) for expressions`;
  return report(binder, call.span, [`this is not a valid ${constructor}`, hint]);
}

/** The integers of the call by name; null when one is no integer, unknown or given twice. */
function integerParts(
  call: CallSyntax,
  names: readonly string[],
): ReadonlyMap<string, bigint> | null {
  const parts = new Map<string, bigint>();
  const given = [
    ...call.positional.map((value, index) => [names[index], value] as const),
    ...call.keywords.map(({ name, value }) => [name, value] as const),
  ];
  for (const [name, value] of given) {
    const literal = literalOf(value);
    const isFine = name !== undefined && names.includes(name) && !parts.has(name);
    if (!isFine || literal?.kind !== 'integer') return null;
    parts.set(name, BigInt(literal.value));
  }
  return parts;
}

function timeLiteral(constructor: string, parts: ReadonlyMap<string, bigint>): Literal | null {
  if (constructor === 'timedelta') return deltaLiteral(parts);
  if (constructor === 'time') return timeOfDay(parts);
  const days = daysOf(parts);
  if (days === null) return null;
  if (constructor === 'date') return { kind: 'date', days };
  const clock = clockOf(parts);
  if (clock === null) return null;
  const microseconds = BigInt(days) * DELTA_PARTS.days + clock;
  return { kind: 'datetime', microseconds: microseconds.toString(), timezone: null };
}

function timeOfDay(parts: ReadonlyMap<string, bigint>): Literal | null {
  const clock = clockOf(parts);
  return clock === null ? null : { kind: 'time', nanoseconds: (clock * 1_000n).toString() };
}

const LARGEST_DELTA = 2n ** 63n - 1n;

function deltaLiteral(parts: ReadonlyMap<string, bigint>): Literal | null {
  let microseconds = 0n;
  for (const [name, unit] of Object.entries(DELTA_PARTS))
    microseconds += (parts.get(name) ?? 0n) * unit;
  const isTooLarge = microseconds > LARGEST_DELTA || microseconds < -LARGEST_DELTA;
  return isTooLarge ? null : { kind: 'duration', microseconds: microseconds.toString() };
}

const MS_PER_DAY = 86_400_000;

function daysOf(parts: ReadonlyMap<string, bigint>): number | null {
  const [year, month, day] = DATE_PARTS.map((name) => Number(parts.get(name) ?? Number.NaN));
  if (year === undefined || month === undefined || day === undefined) return null;
  if (!(year >= 1 && year <= 9999)) return null;
  const at = new Date(0);
  // Not Date.UTC: it moves the years 0 to 99 into the twentieth century.
  at.setUTCFullYear(year, month - 1, day);
  const isReal =
    at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal ? at.getTime() / MS_PER_DAY : null;
}

const CLOCK_LIMITS = [24n, 60n, 60n, 1_000_000n];
const CLOCK_UNITS = [DELTA_PARTS.hours, DELTA_PARTS.minutes, DELTA_PARTS.seconds, 1n];

function clockOf(parts: ReadonlyMap<string, bigint>): bigint | null {
  let microseconds = 0n;
  for (const [index, name] of CLOCK_PARTS.entries()) {
    const value = parts.get(name) ?? 0n;
    if (value < 0n || value >= (CLOCK_LIMITS[index] ?? 0n)) return null;
    microseconds += value * (CLOCK_UNITS[index] ?? 0n);
  }
  return microseconds;
}
