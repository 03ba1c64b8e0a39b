import { FloeError } from '@floe/errors';
import type { Literal } from './program.ts';

/**
 * The value of a workflow's parameter, as text with its kind: `date` is `2024-01-31`; `datetime` is ISO 8601, where a
 * `Z` or an offset makes it a moment in UTC and its absence a clock time; `integer` and `float` are decimal.
 */
export type ParameterValue =
  | {
      readonly kind: 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime';
      readonly value: string;
    }
  | { readonly kind: 'null' };

const DATE_FORM = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME_FORM =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6}))?(Z|[+-]\d{2}:\d{2})?$/;
const MS_PER_DAY = 86_400_000;
const SMALLEST_INTEGER = -(2n ** 63n);
const LARGEST_INTEGER = 2n ** 64n - 1n;

/** The value as a literal. Throws PARAMETER_INVALID when its text is not of its kind. */
export function parameterLiteral(name: string, parameter: ParameterValue): Literal {
  const literal = literalOf(parameter);
  if (literal !== null) return literal;
  throw new FloeError(
    'PARAMETER_INVALID',
    `the value of parameter "${name}" is not a valid ${parameter.kind}`,
    {
      details: { parameter: name },
    },
  );
}

function literalOf(parameter: ParameterValue): Literal | null {
  switch (parameter.kind) {
    case 'null':
      return { kind: 'null' };
    case 'string':
      return { kind: 'string', value: parameter.value };
    case 'boolean':
      return /^(true|false)$/i.test(parameter.value)
        ? { kind: 'boolean', value: parameter.value.toLowerCase() === 'true' }
        : null;
    case 'integer':
      return integerLiteral(parameter.value);
    case 'float': {
      const value = Number(parameter.value);
      const isNumber = parameter.value.trim() !== '' && Number.isFinite(value);
      return isNumber ? { kind: 'float', value: String(value) } : null;
    }
    case 'date': {
      const days = daysOf(parameter.value);
      return days === null ? null : { kind: 'date', days };
    }
    case 'datetime':
      return datetimeLiteral(parameter.value);
  }
}

function integerLiteral(text: string): Literal | null {
  if (!/^[+-]?\d{1,20}$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  const isFitting = value >= SMALLEST_INTEGER && value <= LARGEST_INTEGER;
  return isFitting ? { kind: 'integer', value: value.toString() } : null;
}

function daysOf(text: string): number | null {
  if (!DATE_FORM.test(text)) return null;
  const at = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
  return isReal ? at.getTime() / MS_PER_DAY : null;
}

function datetimeLiteral(text: string): Literal | null {
  const [, date = '', clock = '', fraction = '', zone] = DATETIME_FORM.exec(text) ?? [];
  if (daysOf(date) === null) return null;
  const milliseconds = Date.parse(`${date}T${clock}${zone ?? 'Z'}`);
  if (Number.isNaN(milliseconds)) return null;
  const microseconds = BigInt(milliseconds) * 1_000n + BigInt(fraction.padEnd(6, '0'));
  return {
    kind: 'datetime',
    microseconds: microseconds.toString(),
    timezone: zone === undefined ? null : 'UTC',
  };
}
