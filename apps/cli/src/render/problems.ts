import type { Problem } from '@floe/client';
import type { Violation } from '@floe/errors';
import type { Terminal } from '../terminal.ts';
import { renderViolation, type ErrorSource } from './error.ts';

/** A problem of the API in the form in which errors carry it. */
export function toViolation({ field, message, hint, line, column, length }: Problem): Violation {
  return {
    field,
    message,
    ...(hint === '' ? {} : { hint }),
    ...(line === 0 ? {} : { place: { line, column, length } }),
  };
}

/** Says what could not be checked in a document that is otherwise valid. */
export function sayWarnings(
  warnings: readonly Violation[],
  { terminal, source }: { readonly terminal: Terminal; readonly source: ErrorSource },
): void {
  const colors = terminal.errorColors;
  for (const warning of warnings) {
    terminal.say(colors.yellow('warning'));
    for (const line of renderViolation(warning, { colors, source })) terminal.say(line);
  }
}
