import { FloeError } from '@floe/errors';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { errorDocument, renderError } from './error.ts';

const colors = pc.createColors(false);

const unknownColumn = new FloeError('DOCUMENT_INVALID', 'the document has 1 error', {
  violations: [
    {
      field: 'tasks.ranking.polars',
      message: 'unknown column "orgin"',
      hint: 'did you mean "origin"?',
      place: { line: 2, column: 10, length: 7 },
    },
  ],
  hint: 'Correct it and apply again.',
});

test('marks the place of a violation in the line of the document', () => {
  const source = { path: 'late.yaml', text: 'polars: |\n  group_by("orgin")\n' };
  expect(renderError(unknownColumn, { colors, source })).toEqual([
    'error DOCUMENT_INVALID the document has 1 error',
    '',
    'late.yaml:2:10 tasks.ranking.polars  unknown column "orgin"',
    '2 │   group_by("orgin")',
    '  │          ^^^^^^^',
    '→ did you mean "origin"?',
    '→ Correct it and apply again.',
  ]);
});

test('keeps the mark inside of the line when the place goes beyond it', () => {
  const source = { path: 'late.yaml', text: 'a\nb: "1234567' };
  const lines = renderError(unknownColumn, { colors, source });
  expect(lines).toContain('  │          ^^');
});

test('says place and message without the document', () => {
  expect(renderError(unknownColumn, { colors })).toContain(
    ':2:10 tasks.ranking.polars  unknown column "orgin"',
  );
});

test('gives programs code, message, hint and violations', () => {
  expect(JSON.parse(errorDocument(unknownColumn))).toMatchObject({
    error: { code: 'DOCUMENT_INVALID', violations: [{ place: { line: 2, column: 10 } }] },
  });
});
