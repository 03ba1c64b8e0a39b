import { FloeError, isErrorCode } from '@floe/errors';
import type { Violation } from '@floe/errors';

/**
 * The error in a problem document (RFC 9457) of Floe's gateway, or undefined when the value is not one. A code that
 * this client does not know comes from a newer server and is kept in the details.
 */
export function problemToError(value: unknown): FloeError | undefined {
  const code = text(value, 'code');
  if (code === undefined) return undefined;
  const message = text(value, 'detail') ?? text(value, 'title') ?? code;
  const hint = text(value, 'hint');
  const details = { ...stringsOf(property(value, 'details')) };
  const options = {
    violations: violationsOf(property(value, 'violations')),
    ...(hint === undefined ? {} : { hint }),
  };
  return isErrorCode(code)
    ? new FloeError(code, message, { ...options, details })
    : new FloeError('INTERNAL', message, { ...options, details: { ...details, code } });
}

function violationsOf(value: unknown): Violation[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const message = text(entry, 'message');
    if (message === undefined) return [];
    const hint = text(entry, 'hint');
    const place = placeOf(property(entry, 'place'));
    return [
      {
        field: text(entry, 'field') ?? '',
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(place === undefined ? {} : { place }),
      },
    ];
  });
}

function placeOf(value: unknown): Violation['place'] {
  const [line, column] = [property(value, 'line'), property(value, 'column')];
  const length = property(value, 'length');
  if (typeof line !== 'number' || typeof column !== 'number') return undefined;
  return { line, column, length: typeof length === 'number' ? length : 0 };
}

function stringsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function text(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
