import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { navigate, runPath, workflowPath } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import { nextTheme } from '../theme.ts';
import { useAnswer } from '../use-answer.ts';
import { PAGES } from './pages.ts';
import type { Command } from './rank-commands.ts';

// The most that the API gives at once; who has more types a part of the name on the page of workflows.
const WORKFLOWS_MAX = 500;
const RUNS_MAX = 50;

/** All that the palette offers: pages and deeds at once, workflows and the last runs when they are read. */
export function useCommands(): readonly Command[] {
  const names = useAnswer({
    key: 'palette',
    call: async () => {
      const [{ workflows }, { runs }] = await Promise.all([
        floe.listWorkflows({ pageSize: WORKFLOWS_MAX }),
        floe.listRuns({ pageSize: RUNS_MAX }),
      ]);
      return { names: workflows.map(({ name }) => name), runs };
    },
  }).value;
  return [
    ...PAGES.map(({ title, path, key }) => goTo(title, 'page', path, `g ${key}`)),
    goTo('New workflow', 'action', '/edit'),
    { title: 'Change the theme', kind: 'action', keys: 't', act: nextTheme },
    ...(names?.names ?? []).flatMap(commandsOfWorkflow),
    ...(names?.runs ?? []).map(commandOfRun),
  ];
}

function goTo(title: string, kind: string, address: string, keys?: string): Command {
  const act = () => navigate(address);
  return keys === undefined ? { title, kind, act } : { title, kind, act, keys };
}

function commandsOfWorkflow(name: string): readonly Command[] {
  const path = workflowPath(name);
  return [
    goTo(name, 'workflow', path),
    goTo(`Start ${name}`, 'action', `${path}?start=1`),
    goTo(`Edit ${name}`, 'action', `/edit/${encodeURIComponent(name)}`),
  ];
}

function commandOfRun(run: Run): Command {
  const title = `${run.workflowName} ${markOf(run.state).word} ${run.runId.slice(-8)}`;
  return goTo(title, 'run', runPath(run.runId));
}
