import fc from 'fast-check';
import {
  TRIGGERS,
  type GraphTask,
  type Input,
  type Outcome,
  type RunGraph,
  type RunState,
  type Work,
} from '../src/index.ts';
import { aGraph } from './run-driver.ts';

const TASKS_MAX = 6;

const works: fc.Arbitrary<Work> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('attempts' as const), isRepeatable: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('items' as const),
      source: fc.record({ from: fc.constant('list' as const), count: fc.nat(7) }),
      chunk: fc.integer({ min: 1, max: 3 }),
      parallel: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('items' as const),
      source: fc.record({
        from: fc.constant('partitions' as const),
        count: fc.integer({ min: 2, max: 4 }),
        isLed: fc.boolean(),
      }),
      chunk: fc.constant(1),
      parallel: fc.integer({ min: 3, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('approval' as const),
      onTimeout: fc.constantFrom('fail' as const, 'skip' as const, 'approve' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('workflow' as const),
      onClose: fc.constantFrom('cancel' as const, 'abandon' as const),
    }),
  },
);

const aTask = fc.record({
  upstream: fc.array(fc.nat(TASKS_MAX - 1), { maxLength: 3 }),
  trigger: fc.constantFrom(...TRIGGERS),
  work: works,
  isNeeded: fc.boolean(),
  commitsOnce: fc.boolean(),
  startTimeoutMs: fc.option(fc.constant(1_000), { nil: undefined }),
  totalTimeoutMs: fc.option(fc.constant(20_000), { nil: undefined }),
});

/** Graphs of a few tasks of every kind, each waiting for some of those before it. */
export const graphs: fc.Arbitrary<RunGraph> = fc
  .array(aTask, { minLength: 1, maxLength: TASKS_MAX, size: 'max' })
  .map((tasks) => {
    const ids = tasks.map((_, index) => `t${index}`);
    const edges = tasks.map(({ upstream }, index) =>
      [...new Set(upstream)].filter((up) => up < index).map((up) => ids[up]!),
    );
    const graph = aGraph(Object.fromEntries(ids.map((id, at) => [id, edges[at]!])), {
      retriesMax: 1,
      timeoutMs: 15_000,
    });
    return { tasks: graph.tasks.map((task, index) => withTraits(task, tasks[index]!)) };
  });

const readers: fc.Arbitrary<Work> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('attempts' as const),
      isRepeatable: fc.constant(true),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'attempts' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('items' as const),
      source: fc.record({
        from: fc.constant('list' as const),
        count: fc.integer({ min: 1, max: 5 }),
      }),
      chunk: fc.integer({ min: 1, max: 3 }),
      parallel: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

/** Graphs in which nearly every task reads what others have made: only its first tasks read nothing. */
export const makingGraphs: fc.Arbitrary<RunGraph> = fc
  .array(
    fc.record({
      upstream: fc.array(fc.nat(TASKS_MAX - 1), { minLength: 2, maxLength: 4 }),
      trigger: fc.constantFrom('all_succeeded' as const, 'all_succeeded' as const, ...TRIGGERS),
      work: readers,
      totalTimeoutMs: fc.option(fc.constant(20_000), { nil: undefined, freq: 9 }),
    }),
    { minLength: 2, maxLength: TASKS_MAX, size: 'max' },
  )
  .map((tasks) => {
    const edges = tasks.map(({ upstream }, index): [string, string[]] => {
      const earlier = index === 0 ? [] : upstream.map((up) => `t${up % index}`);
      return [`t${index}`, [...new Set(earlier)]];
    });
    const graph = aGraph(Object.fromEntries(edges), { retriesMax: 1 });
    const traits = { isNeeded: true, startTimeoutMs: undefined };
    return {
      tasks: graph.tasks.map((task, at) => {
        const { work } = tasks[at]!;
        const commitsOnce = work.kind !== 'attempts' || work.isRepeatable !== true;
        return withTraits(task, { ...tasks[at]!, ...traits, commitsOnce });
      }),
    };
  });

type Traits = {
  readonly trigger: GraphTask['trigger'];
  readonly work: Work;
  readonly isNeeded: boolean;
  readonly commitsOnce: boolean;
  readonly startTimeoutMs: number | undefined;
  readonly totalTimeoutMs: number | undefined;
};

function withTraits(task: GraphTask, traits: Traits): GraphTask {
  const { trigger, work, isNeeded, startTimeoutMs, totalTimeoutMs } = traits;
  // No type of task commits that may have partitions.
  const isParted = work.kind === 'items' && work.source.from === 'partitions';
  const commitsOnce = traits.commitsOnce && !isParted;
  const policy = {
    ...task.policy,
    ...(startTimeoutMs !== undefined && { startTimeoutMs }),
    ...(totalTimeoutMs !== undefined && { totalTimeoutMs }),
  };
  const never = { op: 'holds' as const, value: { from: 'literal' as const, value: 'false' } };
  return { ...task, trigger, work, policy, commitsOnce, ...(!isNeeded && { when: never }) };
}

const failure = { code: 'QUERY_FAILED', message: 'broken' };
const gone = { code: 'SNAPSHOT_GONE', message: 'nobody holds it' };
const named = { task: fc.nat(TASKS_MAX), epoch: fc.integer({ min: 0, max: 6 }) };
const type = <Type extends string>(name: Type) => fc.constant(name);

const outcomes = fc.oneof(
  fc.constantFrom(
    { kind: 'succeeded' as const, rows: 3 },
    { kind: 'succeeded' as const, isVoid: true },
    { kind: 'failed' as const, failure, retryable: true },
    { kind: 'failed' as const, failure: gone, retryable: true },
    { kind: 'timed_out' as const, failure },
    { kind: 'lost' as const, failure },
    { kind: 'handed_back' as const },
    { kind: 'cancelled' as const },
  ),
  fc.record({
    kind: type('succeeded'),
    failedItems: fc.array(
      fc.record({ index: fc.nat(8), failure: fc.constant(failure), retryable: fc.boolean() }),
      { maxLength: 3 },
    ),
  }),
);

const answers = fc.record({
  approved: fc.boolean(),
  by: fc.constant('Kari'),
  comment: fc.constant(''),
});

const children = fc.record({
  status: fc.constantFrom(
    'succeeded' as const,
    'failed' as const,
    'cancelled' as const,
    'timed_out' as const,
  ),
});

const CLAIM = ['claim', 'claim', 'claim'] as const;
const SUCCEED = ['succeed', 'succeed', 'succeed'] as const;
const MISS = ['miss', 'miss'] as const;
const BREAK = ['fail', 'lose'] as const;
const STEER = ['pause', 'resume', 'resume', 'wake'] as const;

const PAUSE = { type: 'pause' } as const;
const RESUME = { type: 'resume' } as const;

/** Inputs in any order: right ones, late ones, and ones that make no sense. */
export const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ type: type('claim'), ...named }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: type('claim'),
      ...named,
      prefers: fc.array(fc.nat(3), { maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: type('hand_out'), ...named, handout: fc.constant('{}') }),
  },
  { weight: 9, arbitrary: fc.record({ type: type('finish'), ...named, outcome: outcomes }) },
  { weight: 1, arbitrary: fc.record({ type: type('begin'), ...named }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: type('lost'), ...named, reason: fc.constant('gone') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: type('ruled_out'), ...named, isVoid: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: type('reuse'), ...named, rows: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: type('skip'), ...named, reason: fc.constant('taken') }),
  },
  { weight: 2, arbitrary: fc.record({ type: type('answer'), task: named.task, answer: answers }) },
  { weight: 2, arbitrary: fc.record({ type: type('child_ended'), ...named, child: children }) },
  { weight: 4, arbitrary: fc.constant({ type: 'wake' as const }) },
  { weight: 2, arbitrary: fc.constantFrom(PAUSE, RESUME) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: type('cancel'),
      reason: fc.constant('enough'),
      graceMs: fc.constantFrom(0, 3_000),
    }),
  },
);

/** What becomes next of one of the tasks that are ready or running; or of the run. Numbers are taken modulo. */
export type Act =
  | {
      readonly do: 'claim' | 'succeed' | 'miss' | 'fail' | 'lose';
      readonly task: number;
      readonly input: number;
    }
  | { readonly do: 'pause' | 'resume' | 'wake' };

/** Mostly work that goes well, whose inputs are often gone. */
export const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(...CLAIM, ...CLAIM, ...SUCCEED, ...MISS, ...BREAK),
      task: fc.nat(TASKS_MAX),
      input: fc.nat(TASKS_MAX),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom(...STEER) }) },
);

export function toInput(act: Act, { tasks: graphTasks }: RunGraph, { tasks }: RunState): Input {
  if (!('task' in act)) return { type: act.do };
  const wanted = act.do === 'claim' ? ['ready', 'running'] : ['running'];
  const open = [...tasks.keys()].filter((index) => wanted.includes(tasks[index]!.status));
  const task = open[act.task % open.length] ?? 0;
  const { epoch, items } = tasks[task]!;
  if (act.do === 'claim') return { type: 'claim', task, epoch };
  if (act.do === 'lose') return { type: 'lost', task, epoch, reason: 'gone' };
  const { upstream } = graphTasks[task]!;
  const input = upstream[act.input % upstream.length];
  return {
    type: 'finish',
    task,
    epoch: items?.live[0]?.epoch ?? epoch,
    outcome: outcomeOf(act.do, input),
  };
}

function outcomeOf(what: Act['do'], input: number | undefined): Outcome {
  if (what === 'succeed' || input === undefined) return { kind: 'succeeded', rows: 3 };
  if (what !== 'miss') return { kind: 'failed', failure, retryable: true };
  const gone = { code: 'DATASET_MISSING', message: 'gone', details: { task: `t${input}` } };
  return { kind: 'failed', failure: gone, retryable: true };
}
