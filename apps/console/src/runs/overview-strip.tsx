import { useState } from 'react';
import type { Executor, Overview } from '@floe/client';
import { floe } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { usePolling } from '../polling.ts';
import type { StateIcon, Tone } from '../state/state-mark.ts';
import { sumSlots } from './sum-slots.ts';

// Changes of runs come by themselves; this finds executors that come and go, and how long tasks wait.
const REFRESH_MS = 5_000;

type Facts = { readonly overview: Overview; readonly executors: readonly Executor[] };

async function loadFacts(): Promise<Facts> {
  const [overview, executors] = await Promise.all([floe.getOverview(), floe.listExecutors()]);
  return { overview, executors };
}

/** What needs attention now, in five numbers. */
export function OverviewStrip() {
  const [facts, setFacts] = useState<Facts>();
  usePolling({ key: 'overview', pauseMs: REFRESH_MS, follows: 'runs', call: loadFacts }, setFacts);
  const overview = facts?.overview;
  const oldestMs = Number(overview?.oldestReadyMs ?? 0);
  return (
    <section className="overview" aria-label="Overview">
      <Fact
        icon="spin"
        tone="live"
        word="running"
        count={overview?.runningCount}
        to="/runs?state=running"
      />
      <Fact
        icon="ring"
        tone="wait"
        word="queued"
        count={overview?.queuedCount}
        to="/runs?state=queued"
        note={oldestMs > 0 ? `oldest task waits ${formatDuration(oldestMs)}` : ''}
      />
      <Fact
        icon="check"
        tone="good"
        word="succeeded"
        count={overview?.succeededLastDayCount}
        to="/runs?state=succeeded"
        note="in 24 h"
      />
      <Fact
        icon="cross"
        tone="bad"
        word="failed"
        count={overview?.failedLastDayCount}
        to="/runs?state=failed&state=timed_out"
        note="in 24 h"
      />
      <Slots executors={facts?.executors} />
    </section>
  );
}

type FactProps = {
  readonly icon: StateIcon;
  readonly tone: Tone;
  readonly word: string;
  /** Decimal text. */
  readonly count: string | undefined;
  readonly to: string;
  readonly note?: string;
};

function Fact({ icon, tone, word, count, to, note = '' }: FactProps) {
  // A zero is no news: it gets the quiet colour, and nothing turns on an idle page.
  const isQuiet = count === undefined || count === '0';
  return (
    <Link to={to} className="fact" title={`Show ${word} runs`}>
      <span className="fact-count">{count === undefined ? '–' : formatCount(count)}</span>
      <span className="state" data-tone={isQuiet ? 'wait' : tone}>
        <Icon name={isQuiet && icon === 'spin' ? 'ring' : icon} />
        {word}
      </span>
      <span className="fact-note">{note}</span>
    </Link>
  );
}

function Slots({ executors }: { readonly executors: readonly Executor[] | undefined }) {
  const { active, slots, busy } = sumSlots(executors ?? []);
  const isMissing = executors !== undefined && active === 0;
  return (
    <div className="fact">
      <span className="fact-count">
        {executors === undefined ? '–' : busy}
        {executors !== undefined && <small> / {slots}</small>}
      </span>
      <span className="state" data-tone={isMissing ? 'bad' : 'wait'}>
        {isMissing ? <Icon name="lost" /> : <Icon name="stop" />}
        slots busy
      </span>
      <span className="fact-note">
        {isMissing ? 'no executor is active' : `${active} executor${active === 1 ? '' : 's'}`}
      </span>
    </div>
  );
}
