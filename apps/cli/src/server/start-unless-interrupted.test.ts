import { expect, test } from 'vitest';
import { createRecordingTerminal } from '../../test/recording-terminal.ts';
import { startUnlessInterrupted } from './start-unless-interrupted.ts';

test('gives what has started, and leaves it alone', async () => {
  const terminal = createRecordingTerminal();
  const { signal } = new AbortController();
  const floe = { stop: () => Promise.reject(new Error('it was stopped')) };
  expect(await startUnlessInterrupted(async () => floe, { signal, terminal })).toBe(floe);
  expect(terminal.stderr()).toBe('');
});

test('stops what has started in spite of Ctrl-C', async () => {
  const terminal = createRecordingTerminal();
  const interruption = new AbortController();
  let stops = 0;
  const start = async () => {
    interruption.abort();
    return { stop: async () => void (stops += 1) };
  };
  const { signal } = interruption;
  expect(await startUnlessInterrupted(start, { signal, terminal })).toBeUndefined();
  expect(stops).toBe(1);
  expect(terminal.stderr()).toBe('Stopping …\nStopped before it was up.\n');
});

test('says nothing of what fails because of Ctrl-C, and all of what fails without', async () => {
  const terminal = createRecordingTerminal();
  const interruption = new AbortController();
  const { signal } = interruption;
  const start = () => Promise.reject(new Error('initdb was interrupted'));
  await expect(startUnlessInterrupted(start, { signal, terminal })).rejects.toThrow('initdb');
  interruption.abort();
  expect(await startUnlessInterrupted(start, { signal, terminal })).toBeUndefined();
});
