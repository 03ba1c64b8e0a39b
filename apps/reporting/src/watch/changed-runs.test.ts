import { expect, test } from 'vitest';
import { ChangedRuns } from './changed-runs.ts';

function someBus() {
  let tell: (runId: string) => void = () => undefined;
  let isStopped = false;
  const bus = {
    watchAllChanges: (onChange: (runId: string) => void) => {
      tell = onChange;
      return { stop: () => void (isStopped = true) };
    },
  };
  return { bus, tell: (runId: string) => tell(runId), isStopped: () => isStopped };
}

test('tells a run once, however often it changed (1)', async () => {
  const { bus, tell } = someBus();
  using changed = new ChangedRuns(bus, new AbortController().signal);
  for (const runId of ['a', 'b', 'a']) tell(runId);
  expect(await changed.next(1_000)).toEqual(['a', 'b']);
  const next = changed.next(60_000);
  tell('c');
  expect(await next).toEqual(['c']);
});

test('tells none when nothing changed, or when nobody listens any more', async () => {
  const { bus } = someBus();
  const stopped = new AbortController();
  using changed = new ChangedRuns(bus, stopped.signal);
  expect(await changed.next(1)).toEqual([]);
  const next = changed.next(60_000);
  stopped.abort();
  expect(await next).toEqual([]);
  await changed.pause(60_000);
});

test('drops the oldest when nobody takes them (2)', async () => {
  const { bus, tell, isStopped } = someBus();
  {
    using changed = new ChangedRuns(bus, new AbortController().signal);
    for (let index = 0; index <= 1_000; index += 1) tell(String(index));
    const runIds = await changed.next(1);
    expect([runIds.length, runIds[0], runIds.at(-1)]).toEqual([1_000, '1', '1000']);
  }
  expect(isStopped()).toBe(true);
});
