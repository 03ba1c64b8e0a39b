import { GetStatusResponse } from '@floe/rpc/contracts';
import type { Slot } from '@floe/rpc/contracts';
import type { ExecutorContext } from '../executor-context.ts';
import { readResidentBytes } from '../resident-memory.ts';
import type { SlotStatus } from '../slot.ts';

/** What this executor is doing now. */
export async function getStatus({ pool, describe }: ExecutorContext): Promise<GetStatusResponse> {
  const slots = await Promise.all(pool.statuses().map(toSlot));
  return GetStatusResponse.create({ executor: describe(), slots });
}

async function toSlot({ index, processId, attempt }: SlotStatus): Promise<Slot> {
  const bytes = processId === 0 ? undefined : await readResidentBytes(processId);
  const lease = attempt?.claimed.lease;
  return {
    index,
    processId: BigInt(processId),
    attemptId: lease?.attemptId ?? '',
    runId: lease?.runId ?? '',
    taskId: lease?.taskId ?? '',
    busySinceTime: attempt?.startedAt,
    residentMemoryBytes: BigInt(bytes ?? 0),
  };
}
