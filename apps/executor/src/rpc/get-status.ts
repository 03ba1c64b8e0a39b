import { GetStatusResponse } from '@floe/rpc/contracts';
import type { Slot as SlotMessage } from '@floe/rpc/contracts';
import type { ExecutorContext } from '../executor-context.ts';
import { readResidentBytes } from '../slots/resident-memory.ts';
import type { Slot } from '../slots/slot.ts';

/** What this executor is doing now. */
export async function getStatus(context: ExecutorContext): Promise<GetStatusResponse> {
  const { lanes, labels, describe } = context;
  return GetStatusResponse.create({
    executor: describe(),
    slots: lanes.slot.slots.map(toMessage),
    lightSlots: lanes.light.size,
    busyLightSlots: lanes.light.busy,
    labels: [...labels],
  });
}

function toMessage({ index, processId, work }: Slot): SlotMessage {
  const bytes = processId === 0 ? undefined : readResidentBytes(processId);
  return {
    index,
    processId: BigInt(processId),
    attemptId: work?.lease.attemptId ?? '',
    runId: work?.lease.runId ?? '',
    taskId: work?.lease.taskId ?? '',
    busySinceTime: work?.startedAt,
    residentMemoryBytes: BigInt(bytes ?? 0),
  };
}
