/**
 * What makes certain that a load does not take effect any more. It needs the driver of the target, and neither Polars
 * nor a worker.
 */
import { openTarget, type TargetAddress } from '@floe/database/target';
import { itemName } from './item-name.ts';
import { ensureLedger, voidLoads, type VoidedLoads } from './postgres_load/load-ledger.ts';
import { sessionName } from './session-name.ts';

// The session of a frozen worker is ended first, so that what holds the row is only a commit under way.
const LOCK_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;

export type { VoidedLoads } from './postgres_load/load-ledger.ts';

export type LoadsToVoid = {
  readonly runId: string;
  readonly taskId: string;
  /** Positions; empty for a task without items. */
  readonly items: readonly number[];
  readonly address: TargetAddress;
  readonly signal: AbortSignal;
};

/** Rules out each load that has not taken effect. Errors: CONNECTION_FAILED, CREDENTIALS_REFUSED, QUERY_FAILED. */
export async function voidLoad(loads: LoadsToVoid): Promise<VoidedLoads> {
  const { runId, taskId, items, address, signal } = loads;
  await using session = await openTarget(address, {
    applicationName: sessionName({ runId, taskId }),
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    signal,
  });
  await ensureLedger(session);
  const taskIds = items.length === 0 ? [taskId] : items.map((index) => itemName(taskId, index));
  return await voidLoads(session, runId, { taskIds, lockTimeoutMs: LOCK_TIMEOUT_MS });
}
