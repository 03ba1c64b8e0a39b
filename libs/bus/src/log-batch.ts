import type { JsMsg } from '@nats-io/jetstream';
import { countOf, isRecord, parseRecord, textOf } from './json-record.ts';
import type { JsonRecord } from './json-record.ts';
import { countMalformed } from './refuse.ts';

export type LogLineLevel = 'debug' | 'info' | 'warn' | 'error';

/** A line that a task or executor wrote about a run. Secrets are masked before it comes here. */
export type LogLine = {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly level: LogLineLevel;
  readonly message: string;
  readonly fields?: JsonRecord;
};

/** Lines that were published together. Reading on from `sequence + 1` repeats and misses none. */
export type LogBatch = {
  readonly sequence: number;
  readonly lines: readonly LogLine[];
};

// A message of the log stream may have 512 KiB; 16 lines of the greatest length, each byte escaped, stay below.
const LINES_MAX = 16;
const MESSAGE_CHARACTERS_MAX = 4_000;
// Fields are facts like counts and names; what is larger is left out, with a mark that it was.
const FIELDS_CHARACTERS_MAX = 4_000;

/** Splits lines into groups that fit into one message each: of one task, in order. */
export function groupLines(lines: readonly LogLine[]): LogLine[][] {
  const groups: LogLine[][] = [];
  const open = new Map<string, LogLine[]>();
  for (const line of lines) {
    const key = `${line.runId} ${line.taskId}`;
    const current = open.get(key);
    if (current !== undefined && current.length < LINES_MAX) {
      current.push(line);
    } else {
      const group = [line];
      open.set(key, group);
      groups.push(group);
    }
  }
  return groups;
}

export function encodeLines(lines: readonly LogLine[]): string {
  return JSON.stringify({ lines: lines.map(boundLine) });
}

function boundLine(line: LogLine): JsonRecord {
  const isLong = line.message.length > MESSAGE_CHARACTERS_MAX;
  const message = isLong ? `${line.message.slice(0, MESSAGE_CHARACTERS_MAX)}…` : line.message;
  return { ...line, message, fields: boundFields(line.fields) };
}

function boundFields(fields: JsonRecord | undefined): JsonRecord | undefined {
  if (fields === undefined) return undefined;
  return JSON.stringify(fields).length <= FIELDS_CHARACTERS_MAX ? fields : { truncated: true };
}

/** Reads a message of the log stream; undefined when it is none. A line that is none is left out. */
export function decodeLines(message: JsMsg): LogBatch | undefined {
  const lines = parseRecord(message.string())?.['lines'];
  if (!Array.isArray(lines)) return undefined;
  const decoded = lines.flatMap((line) => decodeLine(line) ?? []);
  countMalformed('logs', lines.length - decoded.length);
  return { sequence: message.seq, lines: decoded };
}

function decodeLine(value: unknown): LogLine | undefined {
  if (!isRecord(value)) return undefined;
  const runId = textOf(value['runId']);
  const taskId = textOf(value['taskId']);
  const attempt = countOf(value['attempt']);
  const timeMs = value['timeMs'];
  const level = levelOf(value['level']);
  const message = value['message'];
  if (runId === undefined || taskId === undefined || attempt === undefined) return undefined;
  if (typeof timeMs !== 'number' || level === undefined || typeof message !== 'string') {
    return undefined;
  }
  const line = { runId, taskId, attempt, timeMs, level, message };
  return isRecord(value['fields']) ? { ...line, fields: value['fields'] } : line;
}

function levelOf(value: unknown): LogLineLevel | undefined {
  return value === 'debug' || value === 'info' || value === 'warn' || value === 'error'
    ? value
    : undefined;
}
