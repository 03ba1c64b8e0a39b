import { describe, expect, test } from 'vitest';
import type { LogEntry } from '@floe/client';
import {
  EMPTY_LOG,
  LOG_LINES_MAX,
  hasText,
  isAtLeast,
  isOfAttempt,
  parseAttempt,
  parseLevel,
  withEntries,
} from './log-buffer.ts';

function entry(sequence: number, level = 'info'): LogEntry {
  return {
    sequence: String(sequence),
    line: { level, taskId: 'extract', attempt: 1, message: `line ${sequence}` },
  };
}

describe('withEntries', () => {
  test('keeps the last lines and counts those that it let go', () => {
    const many = Array.from({ length: LOG_LINES_MAX + 3 }, (_, index) => entry(index + 1));
    const log = withEntries(EMPTY_LOG, many);
    expect(log.entries).toHaveLength(LOG_LINES_MAX);
    expect(log.entries[0]?.sequence).toBe('4');
    const next = withEntries(log, [entry(LOG_LINES_MAX + 4)]);
    expect(next.droppedCount).toBe(4);
    expect(next.entries.at(-1)?.sequence).toBe(String(LOG_LINES_MAX + 4));
  });
});

describe('levels', () => {
  test('a line is shown when it is at least as grave as asked', () => {
    expect(isAtLeast(entry(1, 'warn'), 'warn')).toBe(true);
    expect(isAtLeast(entry(1, 'error'), 'warn')).toBe(true);
    expect(isAtLeast(entry(1, 'info'), 'warn')).toBe(false);
  });

  test('a line of an unknown level is never hidden', () => {
    expect(isAtLeast(entry(1, 'notice'), 'error')).toBe(true);
  });

  test('an unknown level in the address hides nothing', () => {
    expect(parseLevel('loud')).toBe('debug');
    expect(parseLevel(null)).toBe('debug');
    expect(parseLevel('error')).toBe('error');
  });
});

test('hasText looks into message, task and fields, in any case', () => {
  const line = { ...entry(1), line: { ...entry(1).line, fields: { rows: '<IMG>' } } };
  expect(['LINE 1', 'Extr', '<img>', ''].map((text) => hasText(line, text))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(hasText(line, 'line 2')).toBe(false);
});

test('tells lines of one attempt from the others, and reads only numbers of attempts', () => {
  expect([0, 1, 2].map((attempt) => isOfAttempt(entry(1), attempt))).toEqual([true, true, false]);
  expect(['2', '0', '-1', '1.5', 'x', null].map(parseAttempt)).toEqual([2, 0, 0, 0, 0, 0]);
});
