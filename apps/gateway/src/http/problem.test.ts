import { CATALOGUE, FloeError } from '@floe/errors';
import type { ErrorCode } from '@floe/errors';
import { createLogger } from '@floe/telemetry';
import { expect, test } from 'vitest';
import { statusOf, toProblem, toRefusal } from './problem.ts';

const quiet = createLogger('test', { level: 'silent' });

test('carries everything that a FloeError says', () => {
  const violations = [
    { field: 'tasks.a', message: 'no', hint: 'h', place: { line: 1, column: 2, length: 3 } },
  ];
  const error = new FloeError('DOCUMENT_INVALID', 'wrong', {
    details: { name: 'etl' },
    hint: 'mend it',
    violations,
  });
  expect(toProblem(error, '/api/v1/workflows')).toEqual({
    type: 'urn:floe:error:document_invalid',
    title: 'Document invalid',
    status: 400,
    detail: 'wrong',
    instance: '/api/v1/workflows',
    code: 'DOCUMENT_INVALID',
    hint: 'mend it',
    details: { name: 'etl' },
    violations,
  });
});

test('every code of the catalogue has a status of an error', () => {
  for (const code of Object.keys(CATALOGUE) as ErrorCode[]) {
    expect(statusOf(new FloeError(code, 'x'))).toBeGreaterThanOrEqual(400);
  }
});

test('a bug shows an id and nothing of its text, and the log has both', () => {
  const lines: string[] = [];
  const log = createLogger('test', { write: (line) => lines.push(line) });
  const { error, status } = toRefusal(new Error('password=hunter2 at /srv/floe'), log);
  expect(status).toBe(500);
  expect(JSON.stringify(toProblem(error, '/'))).not.toContain('hunter2');
  const { errorId = 'none' } = error.details;
  expect(lines.join()).toContain(errorId);
  expect(lines.join()).toContain('hunter2');
});

test('a bug of a service keeps the id under which its log has it', () => {
  const thrown = new FloeError('INTERNAL', 'failed, error 7', { details: { errorId: '7' } });
  expect(toRefusal(thrown, quiet).error).toBe(thrown);
});

test('a refusal of the framework keeps its status and gets words of ours', () => {
  const thrown = Object.assign(new Error('Body is too large'), { statusCode: 413 });
  expect(toRefusal(thrown, quiet)).toMatchObject({
    status: 413,
    error: { code: 'LIMIT_EXCEEDED', message: 'the body of the request is above 1 MiB' },
  });
});
