/**
 * Runs a job whose attempt carries out several tasks.
 *
 *   G1. All of them are one query first. Only the rows of the last one are stored.
 *   G2. Where that fails they are run one after the other, each storing its rows: so the one that fails is known.
 *   G3. Tasks that are made again for others leave no outcome; those that go along leave one each, up to the first that
 *       failed.
 */
import { FloeError, assert } from '@floe/errors';
import { requireContract, runStage, RUNNERS } from '@floe/tasks/run';
import type { DatasetReference, StageResult, TaskContext } from '@floe/tasks/run';
import { ATTRIBUTE } from '@floe/telemetry/attributes';
import type { FollowerEnd, Job, JobSucceeded, StagedJob } from './messages.ts';
import { toFailure } from './to-failure.ts';

export type StageSurroundings = {
  readonly context: TaskContext;
  /** Hears of what a task made and is stored. */
  readonly onMade: (task: StagedJob, dataset: DatasetReference) => void;
};

/** Errors: those of the job's own task. */
export async function runStageJob(job: Job, around: StageSurroundings): Promise<JobSucceeded> {
  if (job.followers.length === 0) return ownEnd(await runOwn(job, around));
  try {
    return await runWhole(job, around);
  } catch (thrown) {
    const { code, message } = toFailure(thrown);
    const said = `as one query with ${names(job.followers)} it failed, so each runs by itself`;
    around.context.log('info', `${said}: ${code}: ${message}`);
    return runOneByOne(job, around);
  }
}

/** G1 */
async function runWhole(job: Job, around: StageSurroundings): Promise<JobSucceeded> {
  const { makers, followers } = job;
  const last = followers.at(-1)!;
  const { dataset, rows } = await runTogether([...makers, job, ...followers], around);
  const rowsOf = (at: number) => rows[makers.length + at];
  const between = followers.slice(0, -1).map(({ taskId }, at) => ({
    taskId,
    kind: 'succeeded' as const,
    ...unstored(rowsOf(at + 1)),
  }));
  const end = endOf(last, dataset, around);
  return { kind: 'succeeded', ...unstored(rowsOf(0)), followers: [...between, end] };
}

/** G2 */
async function runOneByOne(job: Job, around: StageSurroundings): Promise<JobSucceeded> {
  const made = new Map<string, DatasetReference>();
  const own = await runOwn(job, around);
  made.set(job.taskId, own);
  const ends: FollowerEnd[] = [];
  for (const follower of job.followers) {
    const end = await tryFollower(withMade(follower, made), around);
    ends.push(end);
    if (end.kind === 'failed') break;
    made.set(follower.taskId, JSON.parse(end.datasetJson) as DatasetReference);
  }
  return { ...ownEnd(own), followers: ends };
}

async function runOwn(job: Job, around: StageSurroundings): Promise<DatasetReference> {
  const isAlone = job.makers.length === 0;
  const dataset = isAlone
    ? await runAlone(job, around)
    : (await runTogether([...job.makers, job], around)).dataset;
  requireContractOf(job, dataset);
  around.onMade(job, dataset);
  return dataset;
}

async function tryFollower(task: StagedJob, around: StageSurroundings): Promise<FollowerEnd> {
  try {
    const dataset = await runAlone(task, around);
    return endOf(task, dataset, around);
  } catch (thrown) {
    return { taskId: task.taskId, kind: 'failed', failure: toFailure(thrown) };
  }
}

function endOf(task: StagedJob, dataset: DatasetReference, around: StageSurroundings): FollowerEnd {
  const { taskId } = task;
  try {
    requireContractOf(task, dataset);
  } catch (thrown) {
    return { taskId, kind: 'failed', failure: toFailure(thrown) };
  }
  around.onMade(task, dataset);
  return { taskId, kind: 'succeeded', ...stored(dataset) };
}

/** Alone it says at which line of its text it fails. */
function runAlone(task: StagedJob, { context }: StageSurroundings): Promise<DatasetReference> {
  const { taskId, type, outputPath } = task;
  const staged = toStaged(task);
  const inputs = staged.inputs.map(({ taskId: input, dataset }) => {
    if (dataset !== undefined) return { taskId: input, dataset };
    throw new FloeError('DATASET_MISSING', `task "${input}" has left no dataset`, {
      details: { task: input },
    });
  });
  const attributes = { [ATTRIBUTE.taskId]: taskId, [ATTRIBUTE.taskType]: type };
  return context.span(`run ${type}`, attributes, async () => {
    const own = { ...context, taskId, config: staged.config, inputs, outputPath };
    const { dataset } = await RUNNERS[type]!(own);
    assert(dataset !== undefined, 'a transform makes a dataset');
    return dataset;
  });
}

function runTogether(
  tasks: readonly StagedJob[],
  { context }: StageSurroundings,
): Promise<StageResult> {
  const last = tasks.at(-1)!;
  const { outputPath } = last;
  const staged = tasks.map(toStaged);
  const attributes = { [ATTRIBUTE.taskId]: last.taskId, [ATTRIBUTE.taskType]: last.type };
  return context.span(`run ${last.type}`, attributes, () =>
    runStage(staged, { ...context, outputPath }),
  );
}

function toStaged({ taskId, type, configJson, inputs }: StagedJob) {
  if (type !== 'expression_transform') throw notStaged(taskId, type);
  const config = JSON.parse(configJson) as Readonly<Record<string, unknown>>;
  return { taskId, config, inputs: inputs.map(toInput) };
}

function toInput({ taskId, datasetJson }: StagedJob['inputs'][number]) {
  const dataset = JSON.parse(datasetJson) as DatasetReference | null;
  return dataset === null ? { taskId } : { taskId, dataset };
}

function withMade(task: StagedJob, made: ReadonlyMap<string, DatasetReference>): StagedJob {
  const inputs = task.inputs.map((input) => {
    const dataset = made.get(input.taskId);
    return dataset === undefined ? input : { ...input, datasetJson: JSON.stringify(dataset) };
  });
  return { ...task, inputs };
}

function requireContractOf({ contractJson }: StagedJob, dataset: DatasetReference): void {
  if (contractJson === undefined) return;
  const contract = JSON.parse(contractJson) as Parameters<typeof requireContract>[0];
  requireContract(contract, { dataset, rows: dataset.rows, bytes: dataset.bytes });
}

function ownEnd(dataset: DatasetReference): JobSucceeded {
  return { kind: 'succeeded', ...stored(dataset) };
}

function stored(dataset: DatasetReference) {
  const { rows, bytes } = dataset;
  return { rows, bytes, datasetJson: JSON.stringify(dataset), failedItems: [] };
}

function unstored(rows: number | undefined) {
  const nothing = { bytes: 0, datasetJson: '', failedItems: [] };
  return rows === undefined
    ? { rows: 0, hasUncountedRows: true, ...nothing }
    : { rows, ...nothing };
}

function names(tasks: readonly StagedJob[]): string {
  return tasks.map(({ taskId }) => taskId).join(', ');
}

function notStaged(taskId: string, type: string): FloeError {
  const message = `task "${taskId}" of type "${type}" is not run together with others`;
  return new FloeError('NOT_IMPLEMENTED', message, { hint: 'update the executor' });
}
