import { Answered } from '../components/answered.tsx';
import { Tabs, useTab } from '../components/tabs.tsx';
import { setQueryField, setQueryFields, useQueryField } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { BackfillList } from './backfill-list.tsx';
import { addMonths, formatMonth, parseMonth } from './calendar.ts';
import { CalendarView } from './calendar-view.tsx';
import { loadMonth } from './load-month.ts';
import { ScheduleCard } from './schedule-card.tsx';
import { StartBackfill } from './start-backfill.tsx';
import { serverNow } from '../server-clock.ts';

const TABS = {
  field: 'tab',
  tabs: [
    ['calendar', 'Calendar'],
    ['list', 'Schedules'],
    ['backfills', 'Backfills'],
  ],
} as const;

const REFRESH_MS = 15_000;
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** When workflows run by themselves, and what was made up for. */
export function SchedulesPage() {
  const month = parseMonth(useQueryField('month'), new Date(serverNow()));
  const tab = useTab(TABS);
  const isStarting = useQueryField('start') !== '';
  const answer = useAnswer({
    key: `month ${formatMonth(month)}`,
    call: () => loadMonth(month),
    pauseMs: REFRESH_MS,
  });
  return (
    <div className="page">
      <header className="page-head">
        <h1>Schedules</h1>
        <button type="button" className="button" onClick={() => setQueryField('start', '1')}>
          Start a backfill
        </button>
      </header>
      <Tabs label="What to show" {...TABS} />
      <Answered answer={answer} what="the schedules">
        {(facts) => (
          <>
            {facts.schedules.length === 0 && <NoSchedules />}
            {tab === 'calendar' && (
              <section className="card" aria-label={MONTH.format(month)}>
                <MonthHead month={month} isCut={facts.isCut} />
                <CalendarView month={month} {...facts} />
              </section>
            )}
            {tab === 'list' && (
              <div className="schedules">
                {facts.schedules.map((schedule) => (
                  <ScheduleCard
                    key={schedule.scheduleId}
                    schedule={schedule}
                    onChanged={answer.reload}
                  />
                ))}
              </div>
            )}
            {tab === 'backfills' && (
              <BackfillList backfills={facts.backfills} onChanged={answer.reload} />
            )}
            {isStarting && (
              <StartBackfill
                schedules={facts.schedules}
                onClose={() => setQueryFields({ start: '', from: '', to: '' })}
                onStarted={answer.reload}
              />
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

function MonthHead({ month, isCut }: { readonly month: Date; readonly isCut: boolean }) {
  const show = (other: Date) => setQueryField('month', formatMonth(other));
  return (
    <header className="card-head">
      <h2>{MONTH.format(month)}</h2>
      {isCut && <span className="muted">Some schedules run too often to show all.</span>}
      <div className="card-tools">
        <button type="button" className="button" onClick={() => show(addMonths(month, -1))}>
          Before
        </button>
        <button type="button" className="button" onClick={() => setQueryField('month', '')}>
          This month
        </button>
        <button type="button" className="button" onClick={() => show(addMonths(month, 1))}>
          After
        </button>
      </div>
    </header>
  );
}

function NoSchedules() {
  return (
    <section className="empty">
      <h2>Nothing runs by itself</h2>
      <p>
        A schedule is a part of a workflow&apos;s document: a cron line or an interval, a time zone,
        and what happens when runs overlap.
      </p>
      <pre className="example">
        {'schedules:\n  - name: daily\n    cron: "0 6 * * *"\n    timezone: Europe/Oslo'}
      </pre>
    </section>
  );
}
