// Hunts an order of losses in which a dataset ends up with parts of two snapshots (N8), or a run that never ends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRunEnded, type LiveChunk, type Outcome, type Work } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const COUNT = 3;

function partitions(of?: number): Work {
  const source = { from: 'partitions', count: COUNT, isLed: of === undefined } as const;
  const followed = of === undefined ? source : { ...source, of };
  return { kind: 'items', source: followed, chunk: 1, parallel: COUNT + 1 };
}

/** Two tasks that follow the parts of a source one after the other, and a reader of each of the three. */
const GRAPH = aGraph(
  { read: [], map: ['read'], last: ['map'], a: ['read'], b: ['map'], c: ['last'] },
  { retriesMax: 1 },
  { read: { work: partitions() }, map: { work: partitions(0) }, last: { work: partitions(1) } },
);
const SHARED = ['read', 'map', 'last'];
const READERS = ['a', 'b', 'c'];

/** Of what lead each part is: what the attempt that made it was given when it began. */
class World {
  readonly run = new RunDriver(GRAPH).start();
  readonly made = GRAPH.tasks.map((): string[] => []);
  recalls = 0;
  #leads = 0;
  readonly #given = new Map<string, string | undefined>();

  claim(id: string): void {
    const before = this.run.task(id).items?.live ?? [];
    this.run.claim(id);
    const taken = this.run.task(id).items?.live.find((chunk) => !before.includes(chunk));
    if (taken === undefined) return;
    const task = this.run.index(id);
    this.#given.set(`${task}/${taken.epoch}`, this.#partFor(id, Number(taken.items)));
    if (taken.items === '') this.#lead(taken);
  }

  /** Parts are given to readers only while the dataset counts. */
  #partFor(id: string, part: number): string | undefined {
    const task = this.run.index(id);
    if (task === 0) return this.run.task(id).items?.handout;
    const isThere = this.run.state.tasks[task - 1]!.status === 'succeeded';
    return isThere ? this.made[task - 1]![part] : undefined;
  }

  #lead({ epoch }: LiveChunk): void {
    this.#leads += 1;
    this.run.feed({ type: 'hand_out', task: 0, epoch, handout: `${this.#leads}` });
  }

  finish(id: string, chunk: LiveChunk, wanted: Outcome): void {
    const task = this.run.index(id);
    const given = this.#given.get(`${task}/${chunk.epoch}`);
    const outcome = given === undefined ? missing(SHARED[task - 1]!) : wanted;
    this.run.finish(id, outcome, chunk.epoch);
    this.#count();
    if (given === undefined || outcome.kind !== 'succeeded' || this.run.refusal !== undefined)
      return;
    this.made[task]![Number(chunk.items)] = given;
  }

  miss(id: string, outcome: Outcome): void {
    this.run.finish(id, outcome);
    this.#count();
  }

  #count(): void {
    this.recalls += this.run.told('task_recalled').length;
  }

  check(): void {
    for (const id of SHARED) {
      const task = this.run.task(id);
      if (task.status !== 'succeeded') continue;
      const leads = new Set(this.made[this.run.index(id)]);
      expect([id, [...leads]]).toEqual([id, [expect.any(String)]]);
      expect(task.rows).toBe(COUNT);
    }
  }
}

const acts = fc.record({
  do: fc.constantFrom('work', 'work', 'work', 'read', 'miss', 'miss', 'gone', 'lose'),
  task: fc.nat(2),
  pick: fc.nat(COUNT),
  parts: fc.uniqueArray(fc.nat(COUNT - 1), { minLength: 1 }),
  knowsParts: fc.boolean(),
});

type Act = typeof acts extends fc.Arbitrary<infer Value> ? Value : never;

function missing(task: string, parts?: readonly number[]): Outcome {
  const details = { task, ...(parts !== undefined && { parts: parts.join(',') }) };
  const failure = { code: 'DATASET_MISSING', message: 'gone', details };
  return { kind: 'failed', failure, retryable: true };
}

const GONE: Outcome = {
  kind: 'failed',
  failure: { code: 'SNAPSHOT_GONE', message: 'gone' },
  retryable: true,
};

function act(world: World, { do: what, task, pick, parts, knowsParts }: Act): void {
  const { run } = world;
  const shared = SHARED[task]!;
  const reader = READERS[task]!;
  if (what === 'read') return world.claim(reader);
  const isReading = run.task(reader).status === 'running';
  if (what === 'miss' && isReading)
    return world.miss(reader, missing(shared, knowsParts ? parts : undefined));
  world.claim(shared);
  const live = run.task(shared).items?.live ?? [];
  const chunk = live[pick % live.length];
  if (chunk === undefined) return;
  if (what === 'lose') return void run.lose(shared, chunk.epoch);
  if (chunk.items === '') return;
  if (what === 'gone' && task === 0) return world.finish(shared, chunk, GONE);
  if (what === 'miss' && task > 0) return world.finish(shared, chunk, missing(SHARED[task - 1]!));
  world.finish(shared, chunk, { kind: 'succeeded', rows: 1 });
}

/** A world in which nothing more is lost brings the run to its end. */
function end(world: World): void {
  for (let round = 0; round < 100 && !isRunEnded(world.run.state.status); round += 1) {
    world.run.wakeAfter(5_000);
    for (const id of SHARED) {
      for (let part = 0; part <= COUNT; part += 1) world.claim(id);
      for (const chunk of world.run.task(id).items?.live ?? [])
        if (chunk.items !== '') world.finish(id, chunk, { kind: 'succeeded', rows: 1 });
    }
    world.check();
    for (const id of READERS) world.run.do(id);
  }
  expect(isRunEnded(world.run.state.status)).toBe(true);
}

test('parts are of one lead and rows count once, whatever goes missing in whatever order (N2, N7, N8)', () => {
  let recalls = 0;
  fc.assert(
    fc.property(fc.array(acts, { minLength: 20, maxLength: 120, size: 'max' }), (sequence) => {
      const world = new World();
      for (const each of sequence) {
        world.run.now += 300;
        act(world, each);
        world.run.feed({ type: 'wake' });
        world.check();
      }
      recalls += world.recalls;
      end(world);
    }),
    { numRuns: 400 },
  );
  expect(recalls).toBeGreaterThan(200);
});
