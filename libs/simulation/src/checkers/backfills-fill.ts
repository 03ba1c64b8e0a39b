import { isRunEnded } from '@floe/engine';
import { slotKey, type BackfillRow, type BackfillSlotRow } from '../postgres/schedule-tables.ts';
import type { Fail, MakeChecker } from './checker.ts';

/** A backfill runs each slot of its range once, those that are missing where only they are asked for, a few at a time. */
export const backfillsFill: MakeChecker = ({ tables }) => {
  const runs = new Map<string, string>();
  // Counted, not timed: a clock that was set says nothing of what came first.
  let commits = 0;
  /** By schedule, the slots that had a good run, and since which commit. */
  const good = new Map<string, number>();
  /** Before which commit somebody asked for each backfill. */
  const began = new Map<string, number>();
  const { backfills, backfillSlots, slots } = tables.schedules;

  function countCommit(): void {
    commits += 1;
    if (began.size === backfills.size) return;
    for (const id of backfills.keys()) began.set(id, began.get(id) ?? commits);
  }

  function activeRuns(backfillId: string): number {
    return [...backfillSlots.values()].filter((row) => {
      const record = tables.runs.get(row.runId ?? '');
      const goesOn = record !== undefined && !isRunEnded(record.state.status);
      return row.backfillId === backfillId && goesOn;
    }).length;
  }

  function checkStart(row: BackfillSlotRow, runId: string, fail: Fail): void {
    const key = slotKey(row.backfillId, row.slot);
    const { maxActive, state, onlyMissing } = backfills.get(row.backfillId)!;
    if (runs.has(key)) fail(`slot ${key} started ${runs.get(key)!} and ${runId}`);
    runs.set(key, runId);
    const active = activeRuns(row.backfillId);
    if (active > maxActive) fail(`${active} runs of ${row.backfillId} go on, not ${maxActive}`);
    if (state === 'cancelled') fail(`${row.backfillId} was cancelled and started ${runId}`);
    const since = good.get(slotKey(row.scheduleId, row.slot)) ?? Infinity;
    const isGoodBefore = since < began.get(row.backfillId)!;
    if (onlyMissing && isGoodBefore) fail(`slot ${key} was not missing, and is run again`);
  }

  function checkEnd(
    { backfillId, state, fromAt, toAt, definition }: BackfillRow,
    fail: Fail,
  ): void {
    const own = [...backfillSlots.values()].filter((row) => row.backfillId === backfillId);
    const open = own.filter((row) => row.state === 'pending' || row.state === 'started');
    if (open.length > 0) fail(`${backfillId} ${state}, and ${open.length} slots have not ended`);
    if (state === 'cancelled') return;
    const everyMs = definition.everyMs ?? 1;
    const total = Math.ceil(toAt / everyMs) - Math.ceil(fromAt / everyMs);
    if (own.length !== total) fail(`${backfillId} ${state} with ${own.length} of ${total} slots`);
    const isGood = own.every((row) => row.state === 'succeeded' || row.state === 'present');
    if (isGood !== (state === 'succeeded')) fail(`${backfillId} ${state}, its slots say otherwise`);
  }

  return {
    name: 'backfills-fill',
    promise:
      'a backfill runs each slot once, only the missing ones if so asked, and not too many at once',
    onCommit({ created, batch }, fail) {
      countCommit();
      for (const { record } of created) {
        if (record.trigger !== 'backfill') continue;
        const row = [...backfillSlots.values()].find(({ runId }) => runId === record.runId);
        if (row === undefined) fail(`${record.runId} has no slot`);
        else checkStart(row, record.runId, fail);
      }
      for (const { record } of batch.runs) {
        if (record.state.status !== 'succeeded') continue;
        const of = [...slots.values(), ...backfillSlots.values()];
        const row = of.find(({ runId }) => runId === record.runId);
        if (row === undefined) continue;
        const key = slotKey(row.scheduleId, row.slot);
        good.set(key, good.get(key) ?? commits);
      }
    },
    onSchedules(commit, fail) {
      countCommit();
      for (const { before, after } of commit.backfills)
        if (before?.endedAt === undefined && after.endedAt !== undefined) checkEnd(after, fail);
    },
  };
};
