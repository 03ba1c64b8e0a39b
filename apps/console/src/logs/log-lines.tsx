import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { LogEntry } from '@floe/client';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { formatLogTime } from '../format/instant.ts';
import { setQueryField } from '../router.ts';
import { fieldsOf, logText } from './log-text.ts';
import { useVirtualRows } from '../use-virtual-rows.ts';

// One line of text: that all are of one height is what lets a hundred thousand of them scroll.
const ROW_HEIGHT = 21;
// A reader whose finger slipped by a line still wants to follow.
const NEAR_END_PX = 24;

export type LogLinesProps = {
  readonly entries: readonly LogEntry[];
  /** Sequence of the line that is shown in full; empty for none. */
  readonly line: string;
};

/** The lines; only those in view are in the page. */
export function LogLines({ entries, line }: LogLinesProps) {
  const rows = useVirtualRows<HTMLDivElement>(entries.length, ROW_HEIGHT);
  const { frame, first, end, before, after } = rows;
  const [isFollowing, setFollowing] = useState(line === '');
  const newest = entries.at(-1)?.sequence;
  const chosen = line === '' ? -1 : entries.findIndex(({ sequence }) => sequence === line);
  useEffect(() => {
    if (isFollowing) frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, [frame, isFollowing, newest]);
  const isFound = chosen >= 0;
  useEffect(() => {
    if (!isFound || isFollowing) return;
    frame.current?.scrollTo({ top: chosen * ROW_HEIGHT - frame.current.clientHeight / 2 });
    // Once, when the line of the address is there: a reader who scrolls on is left alone.
  }, [frame, isFound]);
  const noteScroll = () => {
    rows.noteScroll();
    const element = frame.current;
    if (element === null) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    setFollowing(below < NEAR_END_PX);
  };
  if (entries.length === 0) return <p className="muted log-empty">Nothing was written here.</p>;
  return (
    <div className="log-frame">
      <div
        ref={frame}
        className="log-lines"
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label="Log lines"
        onScroll={noteScroll}
        onKeyDown={(event) => chooseByKey(event, entries, chosen)}
      >
        <ol style={{ paddingTop: before, paddingBottom: after }}>
          {entries.slice(first, end).map((entry) => (
            <LogRow key={entry.sequence} entry={entry} isChosen={entry.sequence === line} />
          ))}
        </ol>
      </div>
      {!isFollowing && (
        <button type="button" className="button log-follow" onClick={() => setFollowing(true)}>
          <Icon name="down" />
          Newest
        </button>
      )}
      <WholeLine entry={entries[chosen]} />
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { Enter: 0, ArrowUp: -1, ArrowDown: 1 };

/** Enter opens the newest line, arrows go on from the one that is open, Escape closes it. */
function chooseByKey(
  event: KeyboardEvent<HTMLElement>,
  entries: readonly LogEntry[],
  chosen: number,
): void {
  const { key, currentTarget } = event;
  const step = STEPS[key];
  const isOpen = chosen >= 0;
  const closes = isOpen && key === 'Escape';
  if (!closes && (step === undefined || isOpen === (step === 0))) return;
  event.preventDefault();
  event.stopPropagation();
  const index = isOpen ? Math.max(0, chosen + (step ?? 0)) : entries.length - 1;
  setQueryField('line', closes ? '' : ((entries[index] ?? entries.at(-1))?.sequence ?? ''));
  const top = index * ROW_HEIGHT;
  const { scrollTop, clientHeight } = currentTarget;
  const isSeen = top >= scrollTop && top + ROW_HEIGHT <= scrollTop + clientHeight;
  if (!closes && !isSeen) currentTarget.scrollTo({ top: top - clientHeight / 2 });
}

function LogRow({ entry, isChosen }: { readonly entry: LogEntry; readonly isChosen: boolean }) {
  const { line, sequence } = entry;
  return (
    <li
      data-level={line.level}
      data-chosen={isChosen}
      style={{ height: ROW_HEIGHT }}
      onClick={() => setQueryField('line', isChosen ? '' : sequence)}
    >
      <time dateTime={line.time} title={line.time}>
        {line.time === undefined ? '' : formatLogTime(line.time)}
      </time>
      <span className="log-level">{line.level}</span>
      <span className="log-task">
        {line.taskId}
        {line.attempt > 1 && ` #${line.attempt}`}
      </span>
      <span className="log-message">
        {line.message}
        <span className="log-field">{fieldsOf(entry)}</span>
      </span>
    </li>
  );
}

/** The line of the address in full, with a link to it. */
function WholeLine({ entry }: { readonly entry: LogEntry | undefined }) {
  if (entry === undefined) return null;
  const text = logText(entry);
  return (
    <div className="log-whole" role="region" aria-label="The chosen line">
      <pre>{text}</pre>
      <CopyButton text={text} label="Copy the line" />
      <button
        type="button"
        className="icon-button"
        title="Close"
        onClick={() => setQueryField('line', '')}
      >
        <Icon name="close" />
        <span className="visually-hidden">Close the line</span>
      </button>
    </div>
  );
}
