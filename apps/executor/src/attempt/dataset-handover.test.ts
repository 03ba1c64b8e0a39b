import { expect, test } from 'vitest';
import { nameMissing } from './dataset-handover.ts';

const GONE = { code: 'DATASET_MISSING', message: 'no file', details: {}, retryable: true };
const rows = { taskId: 'rows', datasetJson: '{}' };
const items = { taskId: 'list', datasetJson: '{}', column: 'id', type: 'integer' };

test('a worker that found its only dataset broken is told which task made it', () => {
  expect(nameMissing(GONE, { inputs: [rows], itemRows: undefined }).details).toEqual({
    task: 'rows',
  });
  expect(nameMissing(GONE, { inputs: [], itemRows: items }).details).toEqual({ task: 'list' });
});

test('of several datasets nobody is blamed, and nobody of another failure', () => {
  expect(nameMissing(GONE, { inputs: [rows], itemRows: items })).toEqual(GONE);
  const other = { ...GONE, code: 'QUERY_FAILED' };
  expect(nameMissing(other, { inputs: [rows], itemRows: undefined })).toEqual(other);
  const named = { ...GONE, details: { task: 'first' } };
  expect(nameMissing(named, { inputs: [rows], itemRows: undefined })).toEqual(named);
});
