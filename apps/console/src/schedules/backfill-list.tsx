import { useState } from 'react';
import type { Backfill } from '@floe/client';
import { floe } from '../api.ts';
import { CommandLine } from '../components/command-line.tsx';
import { Instant } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { workflowPath } from '../router.ts';
import { countSettled, toneOfBackfill } from './backfill-words.ts';
import { wordOf } from './schedule-words.ts';

export type BackfillListProps = {
  readonly backfills: readonly Backfill[];
  readonly onChanged: () => void;
};

const OPEN: ReadonlySet<string> = new Set(['BACKFILL_STATE_RUNNING', 'BACKFILL_STATE_PAUSED']);

/** The backfills with their progress; pause, resume, cancel. */
export function BackfillList({ backfills, onChanged }: BackfillListProps) {
  const [error, setError] = useState<unknown>(undefined);
  if (backfills.length === 0) {
    return (
      <section className="empty">
        <h2>Nothing was made up for</h2>
        <p>
          A backfill runs the slots of a schedule that lie in the past, a bounded number at once.
        </p>
        <CommandLine command="floe backfill start nightly --from 2026-03-27 --to 2026-04-01" />
      </section>
    );
  }
  return (
    <section className="card table-frame" aria-label="Backfills">
      {error !== undefined && <ProblemBanner title="It was not changed." error={error} />}
      <table>
        <thead>
          <tr>
            <th scope="col">Workflow</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">State</th>
            <th scope="col">Slots</th>
            <th scope="col">Steer</th>
          </tr>
        </thead>
        <tbody>
          {backfills.map((backfill) => (
            <BackfillRow
              key={backfill.backfillId}
              backfill={backfill}
              onChanged={onChanged}
              onFailed={setError}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = {
  readonly backfill: Backfill;
  readonly onChanged: () => void;
  readonly onFailed: (thrown: unknown) => void;
};

function BackfillRow({ backfill, onChanged, onFailed }: RowProps) {
  const { backfillId, workflowName, fromTime, toTime, state, totalSlots } = backfill;
  const share = (slots: number) => (100 * slots) / Math.max(1, totalSlots);
  const good = share(backfill.succeededSlots + backfill.presentSlots);
  const isPaused = state === 'BACKFILL_STATE_PAUSED';
  const steer = (call: Promise<unknown>) => void call.then(onChanged, onFailed);
  return (
    <tr>
      <th scope="row">
        <Link to={workflowPath(workflowName)}>{workflowName}</Link>
      </th>
      <td>
        <Instant at={fromTime} />
      </td>
      <td>
        <Instant at={toTime} />
      </td>
      <td>
        <span className="state" data-tone={toneOfBackfill(backfill)}>
          {wordOf(state, 'BACKFILL_STATE_')}
        </span>
      </td>
      <td>
        <svg
          className="items-bar"
          viewBox="0 0 100 6"
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          <rect className="progress-rest" width="100" height="6" />
          <rect data-tone="good" width={good} height="6" />
          <rect data-tone="bad" x={good} width={share(backfill.failedSlots)} height="6" />
        </svg>
        {countSettled(backfill)} of {totalSlots} done
        <span className="muted">
          {backfill.failedSlots > 0 && `, ${backfill.failedSlots} failed`}
          {backfill.activeSlots > 0 && `, ${backfill.activeSlots} running`}
          {backfill.presentSlots > 0 && `, ${backfill.presentSlots} were there`}
        </span>
      </td>
      <td>
        {OPEN.has(state) && (
          <span className="row-tools">
            <button
              type="button"
              className="button"
              onClick={() =>
                steer(isPaused ? floe.resumeBackfill(backfillId) : floe.pauseBackfill(backfillId))
              }
            >
              {isPaused ? 'Resume' : 'Pause'}
            </button>
            <button
              type="button"
              className="button danger"
              onClick={() => steer(floe.cancelBackfill(backfillId))}
            >
              Cancel
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}
