import type { Backfill } from '@floe/client';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { runPath, setQueryFields } from '../router.ts';
import type { StateIcon, Tone } from '../state/state-mark.ts';
import { countSettled, toneOfBackfill } from './backfill-words.ts';
import { calendarDays, timeOf, toLocalInput } from './calendar.ts';
import type { CalendarDay, CalendarEntry, MonthFacts } from './calendar.ts';
import { wordOf } from './schedule-words.ts';
import { formatCount } from '../format/quantity.ts';
import { serverNow } from '../server-clock.ts';

// What a cell can hold; the rest is a number.
const ENTRIES_MAX = 3;
const MONDAY = 1;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  // As everywhere else in the console.
  hourCycle: 'h23',
});

export type CalendarViewProps = MonthFacts & { readonly month: Date };

/** A month of schedules and backfills. */
export function CalendarView({ month, entries, backfills }: CalendarViewProps) {
  const today = new Date(serverNow()).toDateString();
  return (
    <div className="table-frame">
      <table className="calendar">
        <thead>
          <tr>
            {WEEKDAYS.map((day) => (
              <th key={day} scope="col">
                {day}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(calendarDays(month, { entries, backfills })).map((week) => (
            <tr key={week[0]?.date.getTime()}>
              {week.map((day) => (
                <DayCell
                  key={day.date.getTime()}
                  day={day}
                  isToday={day.date.toDateString() === today}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function weeksOf(days: readonly CalendarDay[]): readonly (readonly CalendarDay[])[] {
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

function DayCell({ day, isToday }: { readonly day: CalendarDay; readonly isToday: boolean }) {
  const { date, isInMonth, entries, backfills } = day;
  const inOrder = entries.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)));
  return (
    <td data-outside={!isInMonth} aria-current={isToday ? 'date' : undefined}>
      <DayNumber date={date} />
      {backfills.map((backfill) => (
        <BackfillBar
          key={backfill.backfillId}
          backfill={backfill}
          isNamed={date.getDay() === MONDAY || isFirstDay(backfill, date)}
        />
      ))}
      <ul>
        {inOrder.slice(0, ENTRIES_MAX).map((entry) => (
          <Entry key={`${entry.scheduleId} ${timeOf(entry)}`} entry={entry} />
        ))}
      </ul>
      {inOrder.length > ENTRIES_MAX && (
        <span className="muted">and {formatCount(inOrder.length - ENTRIES_MAX)} more</span>
      )}
    </td>
  );
}

/** The number of a past day leads to a backfill of it. */
function DayNumber({ date }: { readonly date: Date }) {
  const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
  if (next.getTime() > serverNow()) return <span className="calendar-date">{date.getDate()}</span>;
  return (
    <button
      type="button"
      className="calendar-date"
      title={`Start a backfill of ${DAY.format(date)}`}
      onClick={() =>
        setQueryFields({ start: '1', from: toLocalInput(date), to: toLocalInput(next) })
      }
    >
      {date.getDate()}
    </button>
  );
}

const isFirstDay = ({ fromTime = '' }: Backfill, date: Date) =>
  new Date(fromTime).toDateString() === date.toDateString();

type BackfillBarProps = { readonly backfill: Backfill; readonly isNamed: boolean };

/** What of a backfill lies on a day, and how far it is as a whole: a bar that has its name once in a week. */
function BackfillBar({ backfill, isNamed }: BackfillBarProps) {
  const { workflowName, state, totalSlots } = backfill;
  const done = countSettled(backfill);
  const words = `Backfill of ${workflowName}: ${wordOf(state, 'BACKFILL_STATE_')}, ${done} of ${totalSlots} done`;
  return (
    <Link
      to="/schedules?tab=backfills"
      className="calendar-backfill"
      data-tone={toneOfBackfill(backfill)}
      title={words}
      aria-label={words}
    >
      {isNamed ? `${workflowName} ${done}/${totalSlots}` : '\u00a0'}
    </Link>
  );
}

const MARKS: Readonly<Record<string, readonly [StateIcon, Tone, word: string]>> = {
  SCHEDULE_SLOT_STATE_FIRED: ['check', 'live', 'started'],
  SCHEDULE_SLOT_STATE_SKIPPED: ['skip', 'off', 'skipped'],
  SCHEDULE_SLOT_STATE_MISSED: ['lost', 'bad', 'missed'],
  SCHEDULE_SLOT_STATE_PENDING: ['dots', 'wait', 'pending'],
};

function Entry({ entry }: { readonly entry: CalendarEntry }) {
  const state = entry.kind === 'slot' ? entry.slot.state : '';
  const [icon, tone, word] = MARKS[state] ?? ['ring', 'wait', 'planned'];
  const reason = entry.kind === 'slot' ? entry.slot.reason : '';
  const runId = entry.kind === 'slot' ? entry.slot.runId : '';
  const label = (
    <>
      <span className="state" data-tone={tone}>
        <Icon name={icon} />
      </span>
      <time dateTime={timeOf(entry)}>{TIME.format(new Date(timeOf(entry)))}</time>{' '}
      {entry.scheduleId}
      <span className="visually-hidden"> {word}</span>
    </>
  );
  return (
    <li title={`${entry.scheduleId}: ${word} ${reason} ${timeOf(entry)}`}>
      {runId === '' ? label : <Link to={runPath(runId)}>{label}</Link>}
    </li>
  );
}
