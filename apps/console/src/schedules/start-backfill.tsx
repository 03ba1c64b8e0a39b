import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Schedule } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { setQueryFields, useAddress } from '../router.ts';

export type StartBackfillProps = {
  readonly schedules: readonly Schedule[];
  readonly onClose: () => void;
  readonly onStarted: () => void;
};

const MAX_ACTIVE = '16';

/** Asks which slots to run, and starts the backfill. */
export function StartBackfill({ schedules, onClose, onStarted }: StartBackfillProps) {
  const [scheduleId, setScheduleId] = useState(schedules[0]?.scheduleId ?? '');
  const search = useAddress().searchParams;
  const [from, setFrom] = useState(search.get('from') ?? '');
  const [to, setTo] = useState(search.get('to') ?? '');
  const [onlyMissing, setOnlyMissing] = useState(true);
  const [maxActive, setMaxActive] = useState(MAX_ACTIVE);
  const [error, setError] = useState<unknown>(undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const schedule = schedules.find((one) => one.scheduleId === scheduleId);
    if (schedule === undefined) return;
    const range = { fromTime: new Date(from).toISOString(), toTime: new Date(to).toISOString() };
    const { workflowName } = schedule;
    const asked = { workflowName, scheduleId, ...range, onlyMissing, maxActive: Number(maxActive) };
    floe.startBackfill(asked).then(() => {
      onStarted();
      setQueryFields({ start: '', from: '', to: '', tab: 'backfills' });
    }, setError);
  };
  return (
    <Dialog title="Start a backfill" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Schedule
          <select value={scheduleId} onChange={(event) => setScheduleId(event.target.value)}>
            {schedules.map((one) => (
              <option key={one.scheduleId}>{one.scheduleId}</option>
            ))}
          </select>
        </label>
        <label className="field">
          From, local time
          <input
            type="datetime-local"
            required
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <label className="field">
          To, without its last instant
          <input
            type="datetime-local"
            required
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </label>
        <label className="field">
          Runs at once
          <input
            inputMode="numeric"
            value={maxActive}
            onChange={(event) => setMaxActive(event.target.value)}
          />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={onlyMissing}
            onChange={(event) => setOnlyMissing(event.target.checked)}
          />
          Leave out slots that have a run that succeeded
        </label>
        {error !== undefined && <ProblemBanner title="It was not started." error={error} />}
        <p className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="button primary" disabled={scheduleId === ''}>
            Start
          </button>
        </p>
      </form>
    </Dialog>
  );
}
