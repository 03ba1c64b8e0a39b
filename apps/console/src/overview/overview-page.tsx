import { useState } from 'react';
import { Answered } from '../components/answered.tsx';
import { NoRuns } from '../runs/empty-runs.tsx';
import { OverviewStrip } from '../runs/overview-strip.tsx';
import { useAnswer } from '../use-answer.ts';
import { AttentionList } from './attention-list.tsx';
import { noteVisit } from './last-visit.ts';
import { loadOverview } from './load-overview.ts';
import { Trends } from './trends.tsx';

// Failures are seen in the strip above at once; this list asks for more and less often.
const REFRESH_MS = 10_000;

/** What needs me, and how things go. */
export function OverviewPage() {
  const [sinceMs] = useState(noteVisit);
  const answer = useAnswer({ key: 'overview', call: loadOverview, pauseMs: REFRESH_MS });
  return (
    <div className="page">
      <h1>Overview</h1>
      <OverviewStrip />
      <Answered answer={answer} what="what needs attention">
        {({ attention, runs }) =>
          runs.length === 0 ? (
            <NoRuns />
          ) : (
            <>
              <AttentionList attention={attention} sinceMs={sinceMs} />
              <Trends runs={runs} />
            </>
          )
        }
      </Answered>
    </div>
  );
}
