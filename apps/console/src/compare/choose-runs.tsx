import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { formatInstant } from '../format/instant.ts';
import { setQueryFields } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import { useAnswer } from '../use-answer.ts';
import { serverNow } from '../server-clock.ts';

// Older ones are reached by their address, or by the button of their page.
const RUNS_MAX = 200;

export type ChooseRunsProps = { readonly a: string; readonly b: string };

/** Which two; once the first is chosen, the second is one of the same workflow. */
export function ChooseRuns({ a, b }: ChooseRunsProps) {
  const answer = useAnswer({
    key: 'runs to compare',
    call: async () => (await floe.listRuns({ pageSize: RUNS_MAX })).runs,
  });
  return (
    <Answered answer={answer} what="the runs">
      {(runs) => {
        const workflow = runs.find(({ runId }) => runId === a)?.workflowName;
        const same = runs.filter(
          ({ workflowName }) => workflow === undefined || workflowName === workflow,
        );
        return (
          <form className="filter" aria-label="Which runs">
            <RunSelect
              name="A"
              runs={runs}
              value={a}
              onChoose={(id) => setQueryFields({ a: id })}
            />
            <RunSelect
              name="B"
              runs={same}
              value={b}
              onChoose={(id) => setQueryFields({ b: id })}
            />
          </form>
        );
      }}
    </Answered>
  );
}

type SelectProps = {
  readonly name: string;
  readonly runs: readonly Run[];
  readonly value: string;
  readonly onChoose: (runId: string) => void;
};

function RunSelect({ name, runs, value, onChoose }: SelectProps) {
  const nowMs = serverNow();
  const isListed = value === '' || runs.some(({ runId }) => runId === value);
  return (
    <label>
      <span className="muted">{name} </span>
      <select
        className="run-choice"
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">Choose a run …</option>
        {!isListed && <option value={value}>{value}</option>}
        {runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            {run.workflowName}@{run.workflowVersion} · {formatInstant(run.createTime ?? '', nowMs)}{' '}
            · {markOf(run.state).word} · {run.runId.slice(-6)}
          </option>
        ))}
      </select>
    </label>
  );
}
