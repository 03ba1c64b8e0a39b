import {
  decide,
  newRunState,
  type Command,
  type GraphTask,
  type Input,
  type NewRunOptions,
  type Outcome,
  type RunGraph,
  type RunState,
  type TaskPolicy,
} from '../src/index.ts';

export const POLICY: TaskPolicy = {
  retriesMax: 0,
  retryDelayMs: 1_000,
  retryBackoff: 2,
  retryDelayMsMax: 60_000,
  retryJitter: 0,
  retryOn: [],
  timeoutMs: 60_000,
  queueTimeoutMs: 300_000,
};

export const RUN_TIMEOUT_MS = 3_600_000;

/** Builds a graph from `{ task: [upstream, ...] }`. */
export function aGraph(
  edges: Record<string, readonly string[]>,
  policy: Partial<TaskPolicy> = {},
  tasks: Readonly<Record<string, Partial<GraphTask>>> = {},
): RunGraph {
  const ids = Object.keys(edges);
  return {
    tasks: ids.map((id) => ({
      id,
      lane: 'light',
      trigger: 'all_succeeded',
      work: { kind: 'attempts' },
      upstream: edges[id]!.map((upstream) => ids.indexOf(upstream)),
      downstream: ids
        .filter((other) => edges[other]!.includes(id))
        .map((other) => ids.indexOf(other)),
      policy: { ...POLICY, ...policy },
      ...tasks[id],
    })),
  };
}

/** Plays a run by hand: every input at a time that the test chooses. */
export class RunDriver {
  readonly graph: RunGraph;
  state: RunState;
  now = 0;
  random = 0;
  commands: Command[] = [];
  refusal: string | undefined;

  constructor(graph: RunGraph, parameters: NewRunOptions['parameters'] = {}) {
    this.graph = graph;
    this.state = newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS, parameters });
  }

  feed(input: Input): this {
    const decision = decide(this.graph, this.state, input, { now: this.now, random: this.random });
    this.refusal = decision.kind === 'refused' ? decision.refusal : undefined;
    this.commands = decision.kind === 'changed' ? [...decision.commands] : [];
    if (decision.kind === 'changed') this.state = decision.state;
    return this;
  }

  start(): this {
    return this.feed({ type: 'start' });
  }

  index(id: string): number {
    return this.graph.tasks.findIndex((task) => task.id === id);
  }

  claim(id: string, epoch = this.task(id).epoch): this {
    return this.feed({ type: 'claim', task: this.index(id), epoch });
  }

  finish(id: string, outcome: Outcome = { kind: 'succeeded' }, epoch = this.task(id).epoch): this {
    return this.feed({ type: 'finish', task: this.index(id), epoch, outcome });
  }

  fail(id: string, retryable = true): this {
    const failure = { code: 'QUERY_FAILED', message: 'no such column', taskId: id };
    return this.finish(id, { kind: 'failed', failure, retryable });
  }

  lose(id: string, epoch = this.task(id).epoch): this {
    return this.feed({ type: 'lost', task: this.index(id), epoch, reason: 'the executor is gone' });
  }

  wakeAfter(ms: number): this {
    this.now += ms;
    return this.feed({ type: 'wake' });
  }

  task(id: string) {
    return this.state.tasks[this.index(id)]!;
  }

  statuses(): string {
    return this.graph.tasks.map(({ id }) => `${id}:${this.task(id).status}`).join(' ');
  }

  /** Commands of one type, without it. */
  told(type: Command['type']): object[] {
    return this.commands.flatMap(({ type: its, ...rest }) => (its === type ? [rest] : []));
  }

  /** Ends the newest attempt of a task, whatever it takes. */
  do(id: string, end: 'succeeded' | 'failed' = 'succeeded'): this {
    this.claim(id);
    return end === 'succeeded' ? this.finish(id) : this.fail(id, false);
  }

  dispatched(): string[] {
    return this.commands.flatMap((command) =>
      command.type === 'dispatch' ? [this.graph.tasks[command.task]!.id] : [],
    );
  }
}
