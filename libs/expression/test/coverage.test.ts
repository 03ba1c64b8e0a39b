import { expect, test } from 'vitest';
import { coverageOf, summarise } from '../src/reference/index.ts';
import { readApi, runsSerialised, sampleFrame } from './coverage/run-serialised.ts';

const api = readApi().map((entry) => ({ ...entry, runs: entry.runs === true }));

test('the bundled Polars runs what the list of names says that it runs', () => {
  const frame = sampleFrame();
  const wrong = api.filter(
    ({ json, runs }) => json !== null && runsSerialised(frame, json) !== runs,
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test('nine of ten names that the bundled Polars runs are taken', () => {
  const { runnable, taken } = summarise(coverageOf(api));
  expect(runnable).toBeGreaterThan(400);
  expect(taken / runnable).toBeGreaterThan(0.9);
});

test('what is refused is refused with a reason', () => {
  const refused = coverageOf(api).filter(({ status }) => status === 'refused');
  expect(refused.filter(({ note }) => note === '').map(({ name }) => name)).toEqual([]);
});
