import type { Run, Workflow } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { CommandLine } from '../components/command-line.tsx';
import { Icon } from '../components/icon.tsx';
import { Instant } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { RunBars } from '../components/run-bars.tsx';
import type { RunBarsProps } from '../components/run-bars.tsx';
import { formatCount } from '../format/quantity.ts';
import { setQueryField, useQueryField, workflowPath } from '../router.ts';
import { useAnswer } from '../use-answer.ts';

// The most that the API gives at once.
const PAGE_MAX = 500;

/** All workflows, with how they went lately. */
export function WorkflowsPage() {
  const search = useQueryField('search');
  const answer = useAnswer({ key: `workflows ${search}`, call: () => load(search) });
  return (
    <div className="page">
      <header className="page-head">
        <h1>Workflows</h1>
        <Link to="/edit" className="button">
          <Icon name="plus" />
          New workflow
        </Link>
      </header>
      <form className="filter" role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          data-filter
          aria-label="Name contains"
          placeholder="Name contains …"
          value={search}
          onChange={(event) => setQueryField('search', event.target.value)}
        />
      </form>
      <Answered answer={answer} what="the workflows">
        {({ workflows, runs }) =>
          workflows.length === 0 ? (
            <NoWorkflows search={search} />
          ) : (
            <WorkflowTable workflows={workflows} runs={runs} />
          )
        }
      </Answered>
    </div>
  );
}

async function load(search: string) {
  const [{ workflows }, { runs }] = await Promise.all([
    floe.listWorkflows({ search, pageSize: PAGE_MAX }),
    floe.listRuns({ pageSize: PAGE_MAX }),
  ]);
  return { workflows, runs };
}

type TableProps = { readonly workflows: readonly Workflow[]; readonly runs: readonly Run[] };

function WorkflowTable({ workflows, runs }: TableProps) {
  const byWorkflow = Map.groupBy(runs, ({ workflowName }) => workflowName);
  return (
    <div className="card table-frame">
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">Workflow</th>
            <th scope="col">Last runs</th>
            <th scope="col" className="number">
              Tasks
            </th>
            <th scope="col" className="number">
              Version
            </th>
            <th scope="col">Changed</th>
            <th scope="col">
              <span className="visually-hidden">Start</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow) => (
            <WorkflowRow
              key={workflow.name}
              workflow={workflow}
              runs={byWorkflow.get(workflow.name) ?? []}
              // Runs of the others may have pushed its own out of the newest ones, which are all that was read.
              none={runs.length < PAGE_MAX ? 'no runs' : 'none lately'}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = RunBarsProps & { readonly workflow: Workflow };

function WorkflowRow({ workflow, ...bars }: RowProps) {
  const { name, description, taskCount, latestVersion, updateTime } = workflow;
  const path = workflowPath(name);
  return (
    <tr>
      <th scope="row" className="run-name">
        <Link to={path} className="row-link" data-row>
          {name}
        </Link>
        <p className="muted row-note" dir="auto">
          {description}
        </p>
      </th>
      <td>
        <RunBars {...bars} />
      </td>
      <td className="number">{formatCount(taskCount)}</td>
      <td className="number">{latestVersion}</td>
      <td>
        <Instant at={updateTime} />
      </td>
      <td className="number">
        <Link to={`${path}?start=1`} className="button" aria-label={`Start ${name}`}>
          <Icon name="play" />
          Start
        </Link>
      </td>
    </tr>
  );
}

function NoWorkflows({ search }: { readonly search: string }) {
  if (search !== '') {
    return (
      <section className="empty">
        <h2>No workflow matches</h2>
        <p>No name contains “{search}”.</p>
        <Link to="/workflows" className="button">
          Show all workflows
        </Link>
      </section>
    );
  }
  return (
    <section className="empty">
      <h2>No workflow yet</h2>
      <p>A workflow is a document. Write one here, or bring one from a file:</p>
      <CommandLine command="floe apply -f examples/late-flights.yaml" />
      <Link to="/edit" className="button">
        Write a workflow
      </Link>
    </section>
  );
}
