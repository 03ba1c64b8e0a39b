import { useEffect, useState } from 'react';
import { floe } from '../api.ts';
import { StateBadge } from '../components/state-badge.tsx';
import { navigate } from '../router.ts';
import { RUN_STATES } from '../state/state-mark.ts';
import { SINCES, runsAddress, toggleState } from './runs-query.ts';
import type { RunsQuery, Since } from './runs-query.ts';

// The most that the API gives at once; a list to choose from that is longer would help nobody.
const WORKFLOWS_MAX = 500;

/** Which runs are shown: by workflow and by state. */
export function RunsFilter({ query }: { readonly query: RunsQuery }) {
  const names = useWorkflowNames(query.workflowName);
  const show = (next: RunsQuery) => navigate(runsAddress(next), 'replace');
  return (
    <form className="filter" role="search" aria-label="Filter runs">
      <label>
        <span className="visually-hidden">Workflow</span>
        <select
          data-filter
          value={query.workflowName}
          onChange={(event) => show({ ...query, workflowName: event.target.value })}
        >
          <option value="">All workflows</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span className="visually-hidden">Created</span>
        <select
          value={query.since}
          onChange={(event) => show({ ...query, since: event.target.value as Since })}
        >
          {SINCES.map(([since, words]) => (
            <option key={since} value={since}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend className="visually-hidden">States</legend>
        {RUN_STATES.map((state) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={query.states.includes(state)}
            onClick={() => show(toggleState(query, state))}
          >
            <StateBadge state={state} />
          </button>
        ))}
      </fieldset>
    </form>
  );
}

function useWorkflowNames(chosen: string): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    floe.listWorkflows({ pageSize: WORKFLOWS_MAX }).then(
      ({ workflows }) => setNames(workflows.map(({ name }) => name)),
      // Without the names the list of runs still works, and says itself when nothing answers.
      () => undefined,
    );
  }, []);
  return chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
}
