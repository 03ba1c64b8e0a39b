import {
  VOID_WITHIN_MS,
  listParameter,
  parseRanges,
  type ItemSource,
  type Lane,
} from '@floe/engine';
import {
  LEASE_MS,
  attemptTraceparent,
  datasetOf,
  laneOfTask,
  partOfDataset,
  type Lease,
  type RunRecord,
} from '@floe/scheduling';
import { readItemValue, type ParameterType } from '@floe/workflow';
import {
  Lane as LaneMessage,
  type AttemptLease,
  TaskSpec,
  type StagedTask,
  type Partition,
  type TaskInput,
} from '@floe/rpc/internal-contracts';
import { loadToRuleOut } from '../runs/load-to-rule-out.ts';

const LANES: Readonly<Record<Lane, LaneMessage>> = {
  slot: LaneMessage.SLOT,
  light: LaneMessage.LIGHT,
};

/** What an executor needs to run an attempt. */
export function toLeaseMessage(lease: Lease, token: string): AttemptLease {
  const { record, task, epoch } = lease;
  const spec = record.plan.workflow.tasks[task]!;
  const { attempts, voiding } = record.state.tasks[task]!;
  return {
    attemptId: `${record.runId}/${spec.id}/${epoch}`,
    runId: record.runId,
    taskId: spec.id,
    epoch: BigInt(epoch),
    attemptNumber: voiding === undefined ? attempts : attempts + 1,
    token,
    leaseMs: BigInt(LEASE_MS),
    lane: LANES[laneOfTask(record, task)],
    traceparent: attemptTraceparent(record, task, epoch),
    workflowName: record.workflowName,
    task: voiding === undefined ? toTaskSpec(lease) : toVoidSpec(lease),
    makers: makersOf(record, task).map((maker) => staged(record, maker)),
    followers: followersOf(lease).map((follower) => staged(record, follower)),
  };
}

/** What is to be run. */
function toTaskSpec(lease: Lease): TaskSpec {
  const { record, task } = lease;
  const spec = specOf(record, task);
  const shared = { partition: partitionOf(lease), inputs: inputsOf(lease) };
  return { ...spec, ...shared, timeoutMs: attemptTimeoutMs(lease), ...itemsOf(lease) };
}

function specOf(record: RunRecord, task: number): TaskSpec {
  const spec = record.plan.workflow.tasks[task]!;
  return TaskSpec.create({
    type: spec.type,
    configJson: JSON.stringify(spec.config),
    parametersJson: JSON.stringify(record.parameters),
    inputs: spec.inputs.map((input) => toInput(record, input)),
    timeoutMs: BigInt(spec.timeoutMs),
    memoryLimitBytes: BigInt(spec.memoryBytes ?? 0),
    progressTimeoutMs: BigInt(spec.progressTimeoutMs ?? 0),
    maskedColumns: [...(record.plan.workflow.mask ?? [])],
    ...(spec.contract !== undefined && { contractJson: JSON.stringify(spec.contract) }),
  });
}

/** Nothing is to be run: what the task may still commit is to be ruled out. */
function toVoidSpec({ record, task }: Lease): TaskSpec {
  return TaskSpec.create({
    type: record.plan.workflow.tasks[task]!.type,
    timeoutMs: BigInt(VOID_WITHIN_MS),
    voidLoad: loadToRuleOut(record, task),
  });
}

/** A follower was not announced: its attempt will be the next. */
function staged(record: RunRecord, task: number): StagedTask {
  const { epoch, attempts } = record.state.tasks[task]!;
  return {
    taskId: record.plan.workflow.tasks[task]!.id,
    task: specOf(record, task),
    epoch: BigInt(epoch + 1),
    attemptNumber: attempts + 1,
  };
}

function followersOf({ record, task }: Lease): readonly number[] {
  return record.state.tasks[task]!.followers ?? [];
}

/** As the engine reckons it. */
function attemptTimeoutMs(lease: Lease): bigint {
  const { tasks } = lease.record.plan.workflow;
  const led = [lease.task, ...followersOf(lease)];
  return BigInt(led.reduce((sum, task) => sum + tasks[task]!.timeoutMs, 0));
}

/** Tasks before this one whose rows were never stored, back to the datasets that they were made of, those first. */
function makersOf(record: RunRecord, task: number): readonly number[] {
  const { plan, details } = record;
  const maker = plan.graph.tasks[task]!.upstream.find(
    (up) => plan.graph.tasks[up]!.follower === task && details[up]!.dataset === undefined,
  );
  return maker === undefined ? [] : [...makersOf(record, maker), maker];
}

function sharedWork({ plan }: Lease['record'], task: number): ItemSource | undefined {
  const { work } = plan.graph.tasks[task]!;
  return work.kind === 'items' && work.source.from === 'partitions' ? work.source : undefined;
}

function chunkOf({ record, task, epoch }: Lease) {
  return record.state.tasks[task]!.items?.live.find((each) => each.epoch === epoch);
}

const LEAD_INDEX = -1;

function partitionOf(lease: Lease): Partition | undefined {
  const { record, task } = lease;
  const { items } = record.state.tasks[task]!;
  const chunk = chunkOf(lease);
  if (sharedWork(record, task) === undefined || chunk === undefined) return undefined;
  const [index = LEAD_INDEX] = parseRanges(chunk.items);
  return { index, count: items?.total ?? 0, handoutJson: items?.handout ?? '' };
}

/** Of the task whose partitions this one follows, only the part that is meant. */
function inputsOf(lease: Lease): TaskInput[] {
  const { record, task } = lease;
  const { inputs, partitions } = record.plan.workflow.tasks[task]!;
  const index = partitionOf(lease)?.index;
  return inputs.map((input) => {
    if (index === undefined || input !== partitions?.of) return toInput(record, input);
    const upstream = record.plan.taskIndexes.get(input)!;
    const part = partOfDataset(datasetOf(record, upstream), index);
    return { taskId: input, datasetJson: JSON.stringify(part ?? null) };
  });
}

type ItemFields = Pick<TaskSpec, 'items' | 'itemRows'>;

const NO_ITEMS: ItemFields = { items: [], itemRows: undefined };

/** The items of the attempt: their values, or where these are to be read. */
function itemsOf({ record, task, epoch }: Lease): ItemFields {
  const { foreach } = record.plan.workflow.tasks[task]!;
  const chunk = record.state.tasks[task]!.items?.live.find((each) => each.epoch === epoch);
  if (foreach === undefined || chunk === undefined) return NO_ITEMS;
  const indexes = parseRanges(chunk.items);
  const { source, type } = foreach;
  if (source.from === 'rows') {
    const { datasetJson } = toInput(record, source.task);
    const itemRows = { datasetJson, column: source.column, type, taskId: source.task };
    return { items: indexes.map((index) => ({ index, valueJson: '' })), itemRows };
  }
  const valueOf =
    source.from === 'list'
      ? (index: number) => source.values[index]
      : listed(type, listParameter(source.name, record.parameters) ?? []);
  const items = indexes.map((index) => ({ index, valueJson: JSON.stringify(valueOf(index)) }));
  return { ...NO_ITEMS, items };
}

/** A value that is not of the type stays what it is, and its item fails where it is used. */
function listed(type: ParameterType, values: readonly unknown[]) {
  return (index: number) =>
    readItemValue(type, values[index]) ?? { kind: 'string', value: JSON.stringify(values[index]) };
}

function toInput(record: RunRecord, taskId: string): TaskInput {
  const upstream = record.plan.taskIndexes.get(taskId)!;
  return { taskId, datasetJson: JSON.stringify(datasetOf(record, upstream) ?? null) };
}
