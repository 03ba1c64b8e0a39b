import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { fetchInputs, nameMissing } from './dataset-handover.ts';

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

test('all parts that are gone are told at once, and a store that is away is not taken for that (H4)', async () => {
  const part = (partition: number) => ({ uri: `nats:${partition}`, rows: 1, bytes: 1, partition });
  const parts = Array.from({ length: 6 }, (_, index) => part(index));
  const datasetJson = JSON.stringify({ uri: 'parts:x', rows: 6, bytes: 6, schema: [], parts });
  const storeWithout = (
    gone: readonly string[],
    code: 'DATASET_MISSING' | 'DATASET_STORE_UNAVAILABLE',
  ) => ({
    fetch: ({ uri }: { readonly uri: string }) =>
      gone.includes(uri)
        ? Promise.reject(new FloeError(code, `${uri} is not there`))
        : Promise.resolve(`/tmp/${uri}`),
  });
  const fetched = (
    gone: readonly string[],
    code: 'DATASET_MISSING' | 'DATASET_STORE_UNAVAILABLE',
  ) => fetchInputs(storeWithout(gone, code), [{ taskId: 'rows', datasetJson }]);
  await expect(fetched(['nats:1', 'nats:5'], 'DATASET_MISSING')).rejects.toMatchObject({
    message: 'the rows of task "rows" are gone, partition 2, 6 of 6',
    details: { task: 'rows', parts: '1,5' },
  });
  await expect(fetched(['nats:3'], 'DATASET_STORE_UNAVAILABLE')).rejects.toMatchObject({
    code: 'DATASET_STORE_UNAVAILABLE',
  });
  const { inputs } = await fetched([], 'DATASET_MISSING');
  expect(JSON.parse(inputs[0]!.datasetJson).parts[5].uri).toBe('file:///tmp/nats:5');
});
