import type { LogLine } from '@floe/bus';
import type { TailLogsRequest } from '@floe/rpc/contracts';
import { argumentInvalid, requireInstant, requireText } from '../arguments.ts';

export type LineFilter = (line: LogLine) => boolean;

// Longer texts are not searched for but pasted by mistake.
const SEARCH_CHARACTERS_MAX = 200;
// From what only a developer reads to what stops the work.
const LEVELS = ['debug', 'info', 'warn', 'error'];

/** Which lines a request asks for. The text is looked for as it is: it is no pattern. Throws ARGUMENT_INVALID. */
export function toLineFilter(request: TailLogsRequest): LineFilter {
  const search = requireText('search', request.search, SEARCH_CHARACTERS_MAX).toLowerCase();
  const lowest = request.level === '' ? 0 : LEVELS.indexOf(request.level.toLowerCase());
  if (lowest === -1) throw argumentInvalid('level', `is none of ${LEVELS.join(', ')}`);
  const { attempt } = request;
  if (attempt < 0) throw argumentInvalid('attempt', 'cannot be negative; 0 is for all');
  const from = requireInstant('from_time', request.fromTime) ?? -Infinity;
  const to = requireInstant('to_time', request.toTime) ?? Infinity;
  return (line) =>
    LEVELS.indexOf(line.level) >= lowest &&
    (attempt === 0 || line.attempt === attempt) &&
    line.timeMs >= from &&
    line.timeMs < to &&
    (search === '' || line.message.toLowerCase().includes(search));
}
