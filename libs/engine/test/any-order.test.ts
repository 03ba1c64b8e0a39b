// Hunts the bug that needs an order of inputs nobody thought of: random graphs of all kinds of tasks, random inputs.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isRunEnded,
  isTaskEnded,
  LOSSES_MAX,
  RECOMPUTES_MAX,
  wakeAt,
  type Chunk,
  type ItemSource,
  type ItemsState,
  type RunState,
  type TaskState,
} from '../src/index.ts';
import { triggerVerdict } from '../src/transitions/trigger.ts';
import { acts, graphs, inputs, makingGraphs, toInput } from './arbitrary-runs.ts';
import { RunDriver } from './run-driver.ts';

test('keeps its promises in any order of inputs (E1–E3, S1, G1, C1, F1, P2, L3, R3, J, M, N, V)', () => {
  fc.assert(
    fc.property(graphs, fc.array(inputs, { maxLength: 80, size: 'max' }), (graph, sequence) => {
      const run = new RunDriver(graph).start();
      for (const input of sequence) {
        const before = run.state;
        run.now += 700;
        run.feed(input);
        checkStep(run, before);
      }
      checkEnds(run);
    }),
    { numRuns: 300 },
  );
});

test('keeps them when datasets go missing again and again, and makes many of them again (M1–M5)', () => {
  let recalls = 0;
  fc.assert(
    fc.property(makingGraphs, fc.array(acts, { maxLength: 80, size: 'max' }), (graph, sequence) => {
      const run = new RunDriver(graph).start();
      for (const act of sequence) {
        const before = run.state;
        run.now += 700;
        run.feed(toInput(act, graph, run.state));
        recalls += run.told('task_recalled').length;
        checkStep(run, before);
      }
      checkEnds(run);
    }),
    { numRuns: 1_000 },
  );
  // Else this would test nothing that the test before it does not.
  expect(recalls).toBeGreaterThan(100);
});

function checkStep(run: RunDriver, before: RunState): void {
  if (isRunEnded(before.status) || run.refusal !== undefined) expect(run.state).toBe(before);
  run.graph.tasks.forEach((_, index) => checkTask(run, before, index));
  checkCommands(run, before);
}

function checkTask(run: RunDriver, before: RunState, index: number): void {
  const task = run.graph.tasks[index]!;
  const [was, is] = [before.tasks[index]!, run.state.tasks[index]!];
  checkVoiding(was, is);
  checkEnd(run, was, is);
  expect(is.epoch).toBeGreaterThanOrEqual(was.epoch);
  expect(is.losses).toBeLessThanOrEqual(is.attempts);
  const hasBegun = was.status === 'pending' && (is.status === 'ready' || is.status === 'running');
  // Ruling a load out waits for nothing: its task may have waited for a dataset to be made again when its time was over.
  if (hasBegun && is.voiding === undefined) {
    expect(triggerVerdict(task.trigger, is, task.upstream.length)).toBe('go');
    expect(task.when).toBeUndefined();
  }
  if (task.work.kind === 'items') {
    checkItems(is, task.work.source);
    if (task.work.source.from === 'partitions') checkPartitions(was, is, task.work.source.isLed);
    return;
  }
  expect(is.attempts - is.losses).toBeLessThanOrEqual(task.policy.retriesMax + 1);
  expect(is.losses).toBeLessThanOrEqual(LOSSES_MAX + 1);
}

/** V1, V3: what is not certain does not end, and what is decided stays so. */
function checkVoiding(was: TaskState, is: TaskState): void {
  if (isTaskEnded(is.status)) {
    expect(is.voiding).toBeUndefined();
    const isKnown = is.status === 'succeeded' || is.failure?.code === 'LOAD_UNCERTAIN';
    if (!isTaskEnded(was.status) && was.isUnheard === true && was.voiding === undefined)
      expect(isKnown).toBe(true);
  } else if (was.voiding !== undefined) {
    expect(is.voiding).toEqual(was.voiding);
    expect(is.attempts).toBe(was.attempts);
  }
}

/** M1, M4: only a new generation of a task that makes rows takes an end back, and there are few of them. */
function checkEnd(run: RunDriver, was: TaskState, is: TaskState): void {
  const { generation: before = 1 } = was;
  const { generation = 1, status } = is;
  expect(generation).toBeLessThanOrEqual(RECOMPUTES_MAX + 1);
  if (generation === before && isTaskEnded(was.status)) expect(status).toBe(was.status);
  if (generation === before) return;
  expect(generation).toBe(before + 1);
  expect(was.status).toBe('succeeded');
  expect(isTaskEnded(status)).toBe(false);
  const recalled = run.graph.tasks[run.state.tasks.indexOf(is)]!;
  expect(recalled.work).toMatchObject({ kind: 'attempts', isRepeatable: true });
  expect(recalled.downstream.some((next) => !isTaskEnded(run.state.tasks[next]!.status))).toBe(
    true,
  );
}

/** Every item is in one place, and what is counted is what is there. */
function checkItems({ items, status }: TaskState, source: ItemSource): void {
  if (items === undefined) return;
  const places = chunksOf(items).flatMap((chunk) => positions(chunk.items));
  expect(new Set(places).size).toBe(places.length);
  for (const index of places) expect(items.done[index]).toBe('.');
  expect(count(items.done, 's')).toBe(items.succeeded);
  expect(count(items.done, 'f')).toBe(items.failed);
  if (status === 'succeeded') expect(items.succeeded).toBe(items.total);
  // Partitions wait nowhere before their lead has handed out what they share.
  const isHeldBack = source.from === 'partitions' && source.isLed && items.handout === undefined;
  const outside = isHeldBack ? items.total : 0;
  expect(places.length + items.succeeded + items.failed + outside).toBe(items.next);
}

function chunksOf({ offer, live, waiting }: ItemsState): readonly Chunk[] {
  return [...(offer === undefined ? [] : [offer]), ...live, ...waiting];
}

/** N1, N2: while a task with a lead goes on there is one, and what is done was done under it. */
function checkPartitions(was: TaskState, { items, status }: TaskState, isLed: boolean): void {
  if (items === undefined || isTaskEnded(status)) return;
  const leads = chunksOf(items).filter((chunk) => chunk.items === '');
  expect(leads.length).toBe(isLed ? 1 : 0);
  if (!isLed) return;
  if (items.succeeded > 0) expect(items.handout).toBeDefined();
  const leadBefore = was.items?.live.find((chunk) => chunk.items === '')?.epoch;
  const isSame = items.live.some(({ epoch }) => epoch === leadBefore);
  if (was.items !== undefined && !isSame) expect(items.succeeded).toBe(0);
}

function checkCommands({ commands, state: after }: RunDriver, before: RunState): void {
  const types = commands.map(({ type }) => type);
  const handsOut = commands.some(
    (command) =>
      command.type === 'start_child' ||
      command.type === 'ask_approval' ||
      (command.type === 'dispatch' && after.tasks[command.task]!.voiding === undefined),
  );
  if (handsOut) expect(['queued', 'running']).toContain(after.status);
  if (before.status === 'cancelling') expect(handsOut).toBe(false);
  expect(types.filter((type) => type === 'run_event').length).toBeLessThanOrEqual(3);
}

/** Whatever happened before, a world that answers brings every run to an end. */
function checkEnds(run: RunDriver): void {
  for (let round = 0; round < 200 && !isRunEnded(run.state.status); round += 1) {
    run.feed({ type: 'resume' });
    run.now = Math.max(run.now, wakeAt(run.state) ?? run.now);
    run.feed({ type: 'wake' });
    run.graph.tasks.forEach(({ id }, task) => {
      run.claim(id);
      const { items, epoch } = run.task(id);
      const leads = items?.live.filter((chunk) => chunk.items === '') ?? [];
      for (const lead of leads)
        run.feed({ type: 'hand_out', task, epoch: lead.epoch, handout: '{}' });
      const live = items?.live.filter((chunk) => chunk.items !== '').map((chunk) => chunk.epoch);
      for (const each of live ?? [epoch]) run.finish(id, { kind: 'succeeded' }, each);
      run.feed({ type: 'child_ended', task, epoch, child: { status: 'succeeded' } });
    });
  }
  expect(isRunEnded(run.state.status)).toBe(true);
}

function positions(ranges: string): number[] {
  if (ranges === '') return [];
  return ranges.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  });
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
