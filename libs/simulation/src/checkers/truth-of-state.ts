import type { RunStatus, TaskStatus } from '@floe/engine';
import type { EventBatch, RunRecord } from '@floe/scheduling';
import type { Fail, MakeChecker } from './checker.ts';

type Told = { status: RunStatus; readonly tasks: Map<number, TaskStatus>; last: number };

/** The history of a run, told from its events alone, ends in the state that is stored. */
export const truthOfState: MakeChecker = () => {
  const runs = new Map<string, Told>();
  const tell = (batch: EventBatch, fail: Fail) => {
    const told = runs.get(batch.runId) ?? { status: 'queued', tasks: new Map(), last: 0 };
    runs.set(batch.runId, told);
    if (batch.firstSequence !== told.last + 1)
      fail(`events of ${batch.runId} go from ${told.last} to ${batch.firstSequence}`);
    for (const event of batch.events) {
      if ('run' in event) told.status = event.run.status;
      else if ('facts' in event) told.tasks.set(event.task, event.facts.status);
    }
    told.last = batch.firstSequence + batch.events.length - 1;
  };
  const compare = ({ runId, retryOf, state, eventSequence }: RunRecord, fail: Fail) => {
    const told = runs.get(runId);
    if (told === undefined) return fail(`${runId} changed without an event`);
    if (told.last !== eventSequence)
      fail(`${runId} counts ${eventSequence} events of ${told.last}`);
    if (told.status !== state.status)
      fail(`${runId} is ${state.status}, its events say ${told.status}`);
    state.tasks.forEach(({ status, isReused = false, attempts }, task) => {
      // Y3: its run has begun with the result of another, whose events have told of it.
      if (retryOf !== undefined && isReused && attempts === 0 && !told.tasks.has(task)) return;
      const says = told.tasks.get(task) ?? 'pending';
      if (says !== status) fail(`${runId}/${task} is ${status}, its events say ${says}`);
    });
  };
  return {
    name: 'truth-of-state',
    promise: 'I11: the events of a run, and nothing else, make its state',
    onCommit({ batch }, fail) {
      for (const events of batch.events) tell(events, fail);
      for (const { record } of batch.runs) compare(record, fail);
    },
  };
};
