import { expect, test } from 'vitest';
import { problemToError } from './problem.ts';

test('is the error that the server had', () => {
  const place = { line: 3, column: 5, length: 2 };
  const violations = [{ field: 'tasks.a', message: 'no', hint: 'h', place }];
  const problem = {
    status: 400,
    code: 'DOCUMENT_INVALID',
    detail: 'the document is wrong',
    hint: 'mend it',
    details: { name: 'etl' },
    violations,
  };
  expect(problemToError(problem)).toMatchObject({
    code: 'DOCUMENT_INVALID',
    message: 'the document is wrong',
    hint: 'mend it',
    details: { name: 'etl' },
    violations,
  });
});

test('a code of a newer server is kept in the details', () => {
  expect(problemToError({ code: 'NEW_THING', detail: 'x' })).toMatchObject({
    code: 'INTERNAL',
    details: { code: 'NEW_THING' },
  });
});

test.each([undefined, null, 'text', [], {}, { code: 7 }])('%j is no problem of Floe', (value) => {
  expect(problemToError(value)).toBeUndefined();
});

test('parts that are malformed are left out', () => {
  const violations = [7, {}, { message: 'kept', place: { line: '1' } }];
  expect(problemToError({ code: 'INTERNAL', violations })?.violations).toEqual([
    { field: '', message: 'kept' },
  ]);
});
