/** When a table should have been loaded, and whether it was. */
import { createZones, nextSlot, previousSlot, timetableOf, type Schedule } from '@floe/schedule';
import { FreshnessState, type TableFreshness } from '@floe/rpc/contracts';
import type { LastLoad, LoadedDataset, WantedTimes } from './store/read-freshness.ts';

const ZONES = createZones();
// A load comes at the end of its run: until then a table is not yet late, unless the document says `late_after`.
const LATE_AFTER_MS = 10 * 60_000;

type Wanted = {
  readonly at: number | undefined;
  readonly next: number | undefined;
  readonly lateAfterMs: number;
};

export function freshnessOf(
  load: LoadedDataset,
  {
    last,
    schedules,
    now,
  }: { last: LastLoad | undefined; schedules: readonly WantedTimes[]; now: number },
): TableFreshness {
  const { at, next, lateAfterMs } = wantedOf(schedules, now);
  const isLoaded = at === undefined || (last !== undefined && last.ended_at >= at);
  const isLate = at !== undefined && !isLoaded && now - at > lateAfterMs;
  return {
    dataset: load.uri,
    workflowName: load.workflow_name,
    taskId: load.task_id,
    state:
      schedules.length === 0
        ? FreshnessState.UNSCHEDULED
        : isLate
          ? FreshnessState.LATE
          : FreshnessState.FRESH,
    loadTime: last === undefined ? undefined : new Date(last.ended_at),
    runId: last?.run_id ?? '',
    rows: BigInt(last?.rows ?? 0),
    wantedTime: at === undefined ? undefined : new Date(at),
    nextTime: next === undefined ? undefined : new Date(next),
    latenessMs: BigInt(isLate ? now - at : 0),
  };
}

/** The newest time at which one of the schedules wanted a load, since they are as they are. */
function wantedOf(schedules: readonly WantedTimes[], now: number): Wanted {
  const times = schedules.map(({ definition, changed_at: changedAt, notify }) => {
    const timetable = timetableOf(definition as Schedule, ZONES);
    const previous = timetable && previousSlot(timetable, now);
    return {
      at: previous !== undefined && previous >= changedAt ? previous : undefined,
      next: timetable && nextSlot(timetable, now),
      lateAfterMs: lateAfter(notify),
    };
  });
  const known = times.flatMap(({ at }) => at ?? []);
  const coming = times.flatMap(({ next }) => next ?? []);
  return {
    at: known.length === 0 ? undefined : Math.max(...known),
    next: coming.length === 0 ? undefined : Math.min(...coming),
    lateAfterMs: times[0]?.lateAfterMs ?? LATE_AFTER_MS,
  };
}

/** What the document calls late, where it does: the soonest. */
function lateAfter(notify: unknown): number {
  const rules: readonly unknown[] = Array.isArray(notify) ? notify : [];
  const said = rules.flatMap((rule) => {
    const ms: unknown = Reflect.get(Object(rule) as object, 'lateAfterMs');
    return typeof ms === 'number' ? [ms] : [];
  });
  return said.length === 0 ? LATE_AFTER_MS : Math.min(...said);
}
