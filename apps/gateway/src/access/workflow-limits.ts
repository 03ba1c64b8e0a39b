/**
 * Callers whose token names workflows see and run only those. What cannot be told to be about one workflow is refused:
 * a list has to name it.
 */
import { FloeError } from '@floe/errors';
import type { Clients } from '../clients.ts';
import type { FieldValues, Route } from '../routes/route.ts';
import type { Caller } from './caller.ts';

// Runs belong to their workflow for ever, so what is known stays right; this many are some hundred kB.
const KNOWN_RUNS_MAX = 2_000;
const OPEN_TO_ALL: ReadonlySet<string> = new Set(['public', 'caller:read', 'views:write']);

export class WorkflowLimits {
  readonly #clients: Clients;
  readonly #workflowOfRun = new Map<string, string>();

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** Throws SCOPE_INSUFFICIENT for what is not about one of the caller's workflows. */
  async require(caller: Caller, route: Route, values: FieldValues): Promise<void> {
    if (caller.workflowNames.length === 0 || OPEN_TO_ALL.has(route.scope)) return;
    const workflow = await this.#workflowOf(route, values);
    if (workflow === undefined) {
      throw insufficient(caller, `${route.name} is not about one workflow`);
    }
    if (!caller.workflowNames.includes(workflow)) {
      throw insufficient(caller, `${route.name} is about the workflow ${workflow}`);
    }
  }

  async #workflowOf(route: Route, values: FieldValues): Promise<string | undefined> {
    const { workflowName, runId, name } = values;
    if (typeof workflowName === 'string') return workflowName;
    if (typeof runId === 'string') return this.#workflowOfRunId(runId);
    const isInPath = route.path.startsWith('/api/v1/workflows/{name}');
    return isInPath && typeof name === 'string' ? name : undefined;
  }

  async #workflowOfRunId(runId: string): Promise<string | undefined> {
    const known = this.#workflowOfRun.get(runId);
    if (known !== undefined) return known;
    const { run } = await this.#clients.reporting.getRun({ runId });
    if (run === undefined) return undefined;
    if (this.#workflowOfRun.size >= KNOWN_RUNS_MAX) this.#workflowOfRun.clear();
    this.#workflowOfRun.set(run.runId, run.workflowName);
    return run.workflowName;
  }
}

function insufficient(caller: Caller, reason: string): FloeError {
  const names = caller.workflowNames.join(', ');
  return new FloeError(
    'SCOPE_INSUFFICIENT',
    `${reason}, and ${caller.actor} is limited to ${names}`,
    { hint: 'Name one of these workflows, or use a token without such a limit.' },
  );
}
