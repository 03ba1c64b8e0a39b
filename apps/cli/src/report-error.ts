import { toFloeError } from '@floe/errors';
import type { CommandContext } from './context.ts';
import { exitCodeOfError, type ExitCode } from './exit-code.ts';
import { errorDocument, renderError, type ErrorSource } from './render/error.ts';

/**
 * Shows an error in the form that was asked for: marked and coloured on stderr, or one JSON document on stdout.
 * `source` is the text that the places of the error point into. Where in this program a bug is, NODE_DEBUG=floe shows.
 */
export function reportError(
  thrown: unknown,
  { terminal, isJson, env }: CommandContext,
  source?: ErrorSource,
): ExitCode {
  const error = toFloeError(thrown);
  if (isJson) terminal.print(errorDocument(error));
  else {
    const colors = terminal.errorColors;
    const lines = renderError(error, source === undefined ? { colors } : { colors, source });
    for (const line of lines) terminal.say(line);
    const isAsked = error.code === 'INTERNAL' && env['NODE_DEBUG']?.includes('floe') === true;
    if (isAsked && error.cause instanceof Error) terminal.say(error.cause.stack ?? '');
  }
  return exitCodeOfError(error);
}
