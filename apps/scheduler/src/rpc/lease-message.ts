import type { Lane } from '@floe/engine';
import { LEASE_MS, attemptTraceparent, type Lease } from '@floe/scheduling';
import {
  Lane as LaneMessage,
  type AttemptLease,
  type TaskInput,
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
    traceparent: attemptTraceparent(record, task),
    workflowName: record.workflowName,
    task: {
      type: spec.type,
      configJson: JSON.stringify(spec.config),
      parametersJson: JSON.stringify(record.parameters),
      inputs: spec.inputs.map((input) => toInput(record, input)),
      timeoutMs: BigInt(spec.timeoutMs),
      memoryLimitBytes: BigInt(spec.memoryBytes ?? 0),
      progressTimeoutMs: BigInt(spec.progressTimeoutMs ?? 0),
      items: [],
      maskedColumns: [...(record.plan.workflow.mask ?? [])],
      ...(spec.contract !== undefined && { contractJson: JSON.stringify(spec.contract) }),
    },
  };
}

function toInput(record: Lease['record'], taskId: string): TaskInput {
  const upstream = record.plan.taskIndexes.get(taskId)!;
  return { taskId, datasetJson: JSON.stringify(record.details[upstream]?.dataset ?? null) };
}
