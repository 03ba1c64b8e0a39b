import type { LogEntry } from '@floe/client';

/** The last lines of a log, oldest first. */
export type LogBuffer = {
  readonly entries: readonly LogEntry[];
  /** How many older lines were let go. */
  readonly droppedCount: number;
};

export const EMPTY_LOG: LogBuffer = { entries: [], droppedCount: 0 };

// Some ten megabytes; older lines are on the server, and in a file: floe runs logs.
export const LOG_LINES_MAX = 100_000;

/** The log with new lines at its end. */
export function withEntries(log: LogBuffer, added: readonly LogEntry[]): LogBuffer {
  const all = log.entries.concat(added);
  const excess = Math.max(0, all.length - LOG_LINES_MAX);
  return {
    entries: excess === 0 ? all : all.slice(excess),
    droppedCount: log.droppedCount + excess,
  };
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level of a word, or the lowest: what is unknown is not hidden. */
export function parseLevel(word: string | null): LogLevel {
  return LOG_LEVELS.find((level) => level === word) ?? 'debug';
}

/** The number of an attempt, or 0 for all. */
export function parseAttempt(word: string | null): number {
  const attempt = Number(word);
  return Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 0;
}

/** Whether a line is of this attempt. */
export function isOfAttempt({ line }: LogEntry, attempt: number): boolean {
  return attempt === 0 || line.attempt === attempt;
}

/** Whether a line is at least this grave. */
export function isAtLeast(entry: LogEntry, level: LogLevel): boolean {
  const rank = LOG_LEVELS.findIndex((name) => name === entry.line.level);
  return rank === -1 || rank >= LOG_LEVELS.indexOf(level);
}

/** Whether a line has a text, in its message, its task or its fields, in whatever case. */
export function hasText({ line }: LogEntry, text: string): boolean {
  if (text === '') return true;
  const wanted = text.toLowerCase();
  return (
    line.message.toLowerCase().includes(wanted) ||
    line.taskId.toLowerCase().includes(wanted) ||
    (line.fields !== undefined && JSON.stringify(line.fields).toLowerCase().includes(wanted))
  );
}
