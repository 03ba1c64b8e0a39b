import { isRunEnded } from '@floe/engine';
import { LATE_MS } from '@floe/scheduling';
import { slotKey, type SlotRow } from '../postgres/schedule-tables.ts';
import type { ScheduleWish } from '../scenario/scenario.ts';
import type { Fail, MakeChecker } from './checker.ts';

/** Each slot of a schedule is in the ledger, once, and starts one run at most; whether runs overlap is as the document says. */
export const slotsOnce: MakeChecker = ({ scenario, tables }) => {
  const runs = new Map<string, string>();
  const wishes = new Map(scenario.schedules.map((wish) => [wish.scheduleId, wish]));

  function checkOverlap(row: SlotRow, fail: Fail): void {
    const { definitions } = wishes.get(row.scheduleId)!;
    if (definitions.some(({ definition }) => definition.overlap === 'allow')) return;
    const active = [...tables.schedules.slots.values()].filter(({ scheduleId, runId = '' }) => {
      const record = tables.runs.get(runId);
      const goesOn = record !== undefined && !isRunEnded(record.state.status);
      return scheduleId === row.scheduleId && goesOn;
    });
    if (active.length > 1) fail(`${active.length} runs of ${row.scheduleId} go on at once`);
  }

  /** One whose definition changed has had other slots at other times: only the whole of one definition is told apart. */
  function checkGaps({ scheduleId, definitions }: ScheduleWish, fail: Fail): void {
    const state = tables.schedules.states.get(scheduleId);
    const [first] = definitions;
    if (state === undefined || first === undefined || definitions.length > 1) return;
    const own = [...tables.schedules.slots.values()].filter((row) => row.scheduleId === scheduleId);
    const slots = own.map(({ slot }) => slot).toSorted((left, right) => left - right);
    const everyMs = first.definition.everyMs ?? 0;
    for (let index = 1; index < slots.length; index += 1) {
      const leapMs = slots[index]! - slots[index - 1]!;
      if (leapMs !== everyMs) fail(`${scheduleId} left out ${leapMs / everyMs - 1} slots`);
    }
    const last = slots.at(-1);
    if (last !== undefined && last + everyMs + first.definition.jitterMs < state.cursorAt)
      fail(`${scheduleId} is followed up to ${state.cursorAt}, its last slot is ${last}`);
  }

  return {
    name: 'slots-once',
    promise: 'each slot of a schedule starts one run at most, and none is left out',
    onSchedules({ slots }, fail) {
      for (const { before, after } of slots) {
        const key = slotKey(after.scheduleId, after.slot);
        if (before !== undefined && before.state !== 'pending' && before.state !== after.state)
          fail(`slot ${key} was ${before.state} and became ${after.state}`);
        if (before?.runId !== undefined && before.runId !== after.runId)
          fail(`slot ${key} had run ${before.runId} and has ${after.runId ?? 'none'}`);
        const lateMs = (after.decidedAt ?? 0) - after.dueAt;
        const { definitions } = wishes.get(after.scheduleId)!;
        const mostMs = Math.min(...definitions.map(({ definition }) => definition.catchupMs));
        if (after.state === 'missed' && lateMs <= Math.max(LATE_MS, mostMs))
          fail(`slot ${key} was missed ${lateMs} ms after it was due`);
      }
    },
    onCommit({ created }, fail) {
      for (const { record, requestId = '' } of created) {
        if (record.trigger !== 'schedule') continue;
        const row = [...tables.schedules.slots.values()].find(
          ({ runId }) => runId === record.runId,
        );
        if (row === undefined) {
          fail(`${record.runId} (${requestId}) has no slot`);
          continue;
        }
        const key = slotKey(row.scheduleId, row.slot);
        if (runs.has(key)) fail(`slot ${key} started ${runs.get(key)!} and ${record.runId}`);
        runs.set(key, record.runId);
        checkOverlap(row, fail);
      }
    },
    atEnd(fail) {
      for (const wish of scenario.schedules) checkGaps(wish, fail);
    },
  };
};
