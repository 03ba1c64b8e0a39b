import { listParameter, parseRanges, type Lane } from '@floe/engine';
import { LEASE_MS, attemptTraceparent, type Lease } from '@floe/scheduling';
import { readItemValue, type ParameterType } from '@floe/workflow';
import {
  Lane as LaneMessage,
  type AttemptLease,
  type TaskInput,
  type TaskSpec,
} from '@floe/rpc/internal-contracts';

const LANES: Readonly<Record<Lane, LaneMessage>> = {
  slot: LaneMessage.SLOT,
  light: LaneMessage.LIGHT,
};

/** What an executor needs to run an attempt. */
export function toLeaseMessage({ record, task, epoch }: Lease, token: string): AttemptLease {
  const spec = record.plan.workflow.tasks[task]!;
  return {
    attemptId: `${record.runId}/${spec.id}/${epoch}`,
    runId: record.runId,
    taskId: spec.id,
    epoch: BigInt(epoch),
    attemptNumber: record.state.tasks[task]!.attempts,
    token,
    leaseMs: BigInt(LEASE_MS),
    lane: LANES[record.plan.graph.tasks[task]!.lane],
    traceparent: attemptTraceparent(record, task, epoch),
    workflowName: record.workflowName,
    task: {
      type: spec.type,
      configJson: JSON.stringify(spec.config),
      parametersJson: JSON.stringify(record.parameters),
      inputs: spec.inputs.map((input) => toInput(record, input)),
      timeoutMs: BigInt(spec.timeoutMs),
      memoryLimitBytes: BigInt(spec.memoryBytes ?? 0),
      progressTimeoutMs: BigInt(spec.progressTimeoutMs ?? 0),
      maskedColumns: [...(record.plan.workflow.mask ?? [])],
      ...itemsOf({ record, task, epoch }),
      ...(spec.contract !== undefined && { contractJson: JSON.stringify(spec.contract) }),
    },
  };
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
    const itemRows = { datasetJson, column: source.column, type };
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

function toInput(record: Lease['record'], taskId: string): TaskInput {
  const upstream = record.plan.taskIndexes.get(taskId)!;
  return { taskId, datasetJson: JSON.stringify(record.details[upstream]?.dataset ?? null) };
}
