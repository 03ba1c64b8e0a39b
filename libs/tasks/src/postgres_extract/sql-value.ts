import type { SqlValue } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';

const INTEGER = /^[+-]?\d{1,20}$/;
const DATETIME =
  /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<minutes>\d{2}:\d{2})(?<seconds>:\d{2})?(?<fraction>\.\d{1,6})?(?<zone>Z|[+-]\d{2}:\d{2})?$/;
const LARGEST_BIGINT = 2n ** 63n - 1n;

/** A parameter of the run as PostgreSQL writes such a value. Errors: PARAMETER_INVALID, without the value. */
export function toSqlValue(name: string, parameter: ParameterValue): SqlValue {
  const value = convert(parameter);
  if (value !== undefined) return value;
  throw new FloeError(
    'PARAMETER_INVALID',
    `the value of parameter "${name}" is no ${parameter.kind} that PostgreSQL holds`,
    { details: { parameter: name } },
  );
}

function convert(parameter: ParameterValue): SqlValue | undefined {
  switch (parameter.kind) {
    case 'null':
      return { type: 'null' };
    case 'string':
      return { type: 'text', text: parameter.value };
    case 'boolean':
      return { type: 'boolean', text: parameter.value.toLowerCase() };
    case 'integer':
      return toBigint(parameter.value);
    case 'float':
      return { type: 'double precision', text: String(Number(parameter.value)) };
    case 'date':
      return { type: 'date', text: parameter.value };
    case 'datetime':
      return toTimestamp(parameter.value);
  }
}

function toBigint(text: string): SqlValue | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  const isFitting = value >= -LARGEST_BIGINT - 1n && value <= LARGEST_BIGINT;
  return isFitting ? { type: 'bigint', text: String(value) } : undefined;
}

/** A moment when it has a zone, a clock time when it has none. */
function toTimestamp(text: string): SqlValue | undefined {
  const groups = DATETIME.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { date, minutes, seconds = ':00', fraction = '', zone } = groups;
  const clock = `${date}T${minutes}${seconds}${fraction}`;
  return zone === undefined
    ? { type: 'timestamp', text: clock }
    : { type: 'timestamptz', text: clock + zone };
}
