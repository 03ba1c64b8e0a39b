import { useState } from 'react';
import type { Schedule } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Icon } from '../components/icon.tsx';
import { Instant } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { runPath, workflowPath } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { timetableOf, wordOf } from './schedule-words.ts';

const PREVIEW_COUNT = 5;
const SLOTS_COUNT = 8;

export type ScheduleCardProps = { readonly schedule: Schedule; readonly onChanged: () => void };

/** One schedule: when it runs next, what became of its last slots; pause and resume. */
export function ScheduleCard({ schedule, onChanged }: ScheduleCardProps) {
  const [error, setError] = useState<unknown>(undefined);
  const { scheduleId, workflowName, paused, description } = schedule;
  const steer = () => {
    const call = paused ? floe.resumeSchedule(scheduleId) : floe.pauseSchedule(scheduleId);
    call.then(onChanged, setError);
  };
  return (
    <section className="card" aria-label={scheduleId}>
      <header className="card-head">
        <h2>
          <Link to={`${workflowPath(workflowName)}?tab=schedules`}>{scheduleId}</Link>
        </h2>
        <code className="muted">{timetableOf(schedule)}</code>
        <span className="state" data-tone={paused ? 'warn' : 'good'}>
          <Icon name={paused ? 'pause' : 'clock'} />
          {paused ? 'paused' : 'on'}
        </span>
        <div className="card-tools">
          <button type="button" className="button" onClick={steer}>
            {paused ? 'Resume' : 'Pause'}
          </button>
        </div>
      </header>
      <div className="card-body schedule-body">
        {error !== undefined && <ProblemBanner title="It was not changed." error={error} />}
        {description !== '' && <p dir="auto">{description}</p>}
        <p className="muted">
          overlap {wordOf(schedule.overlap, 'OVERLAP_POLICY_')}
          {schedule.catchupSeconds !== '0' && `, catches up ${schedule.catchupSeconds} s`}
          {schedule.jitterSeconds !== '0' && `, jitter ${schedule.jitterSeconds} s`}
        </p>
        <ScheduleTimes schedule={schedule} />
      </div>
    </section>
  );
}

function ScheduleTimes({ schedule: { scheduleId, paused } }: { readonly schedule: Schedule }) {
  const answer = useAnswer({
    key: `times of ${scheduleId}`,
    call: async () => {
      const [preview, { slots }] = await Promise.all([
        floe.previewSchedule(scheduleId, { count: PREVIEW_COUNT }),
        floe.listScheduleSlots(scheduleId, { pageSize: SLOTS_COUNT }),
      ]);
      return { next: preview.slotTimes, slots };
    },
  });
  return (
    <Answered answer={answer} what="its times">
      {({ next, slots }) => (
        <div className="schedule-times">
          <div>
            <h3>{paused ? 'Would run' : 'Next'}</h3>
            <ol>
              {next.map((time) => (
                <li key={time}>
                  <Instant at={time} />
                </li>
              ))}
            </ol>
          </div>
          <div>
            <h3>Last</h3>
            {slots.length === 0 && <p className="muted">None was due yet.</p>}
            <ol>
              {slots.map(({ slotTime, state, reason, runId }) => (
                <li key={slotTime}>
                  <Instant at={slotTime} />{' '}
                  <span className="muted">
                    {wordOf(state, 'SCHEDULE_SLOT_STATE_')} {reason}
                  </span>{' '}
                  {runId !== '' && <Link to={runPath(runId)}>run</Link>}
                </li>
              ))}
            </ol>
          </div>
        </div>
      )}
    </Answered>
  );
}
