import { type Findings, nameHint } from './findings.ts';
import type { ParsedTasks } from './parse-tasks.ts';
import { makesNothing, type TaskTypeRegistry } from './task-definition.ts';
import type { Task } from './workflow.ts';

type Graph = Pick<ParsedTasks, 'tasks' | 'names'> & { readonly taskTypes: TaskTypeRegistry };

/** References between tasks: that they exist, that they carry data where data is read, and that no task waits for itself. */
export function checkGraph(findings: Findings, graph: Graph): { hasCycle: boolean } {
  const byId = new Map(graph.tasks.map((task) => [task.id, task]));
  for (const task of graph.tasks) {
    checkReferences(findings, { graph, byId, task, list: 'inputs' });
    checkReferences(findings, { graph, byId, task, list: 'needs' });
  }
  const cycle = findCycle(byId);
  if (cycle !== undefined) addCycle(findings, cycle);
  return { hasCycle: cycle !== undefined };
}

type ListCheck = {
  readonly graph: Graph;
  readonly byId: ReadonlyMap<string, Task>;
  readonly task: Task;
  readonly list: 'inputs' | 'needs';
};

function checkReferences(findings: Findings, { graph, byId, task, list }: ListCheck): void {
  const seen = new Set<string>();
  for (const [index, name] of task[list].entries()) {
    const path = ['tasks', task.id, list, index];
    const upstream = byId.get(name);
    if (name === task.id) {
      findings.add(path, `task \`${name}\` names itself`, { hint: 'Remove it from the list.' });
    } else if (!graph.names.has(name)) {
      const hint = () => nameHint(name, without(graph.names, task.id));
      findings.add(path, `no task is named \`${name}\``, { hint });
    } else if (seen.has(name)) {
      findings.add(path, `\`${name}\` is in the list twice`, { hint: 'Name it once.' });
    } else if (list === 'inputs' && upstream && makesNothing(graph.taskTypes, upstream)) {
      const hint = `To run after it without data, write \`needs: [${name}]\`.`;
      findings.add(path, `\`${name}\` is a ${upstream.type} task, which has no output to read`, {
        hint,
      });
    }
    seen.add(name);
  }
}

function without(names: ReadonlySet<string>, name: string): readonly string[] {
  return [...names].filter((other) => other !== name);
}

function addCycle(findings: Findings, cycle: readonly string[]): void {
  const path = cycle.join(' → ');
  const first = cycle[0]!;
  const hint = 'Each waits for the one before it, so none could begin: remove one of these links.';
  findings.addAtKey(['tasks', first], `the tasks form a cycle: ${path}`, hint);
}

/**
 * The names along a cycle, the first one again at the end, in the direction of the data; undefined when there is none.
 * Walks with a stack of its own, so that a chain of 10,000 tasks does not exhaust the program's.
 */
function findCycle(byId: ReadonlyMap<string, Task>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of byId.keys()) {
    const cycle = done.has(start) ? undefined : findCycleFrom(byId, start, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function findCycleFrom(
  byId: ReadonlyMap<string, Task>,
  start: string,
  done: Set<string>,
): readonly string[] | undefined {
  const trail: string[] = [start];
  const depths = new Map([[start, 0]]);
  const pending = [upstreamOf(byId.get(start))];
  while (trail.length > 0) {
    const next = pending.at(-1)!.pop();
    if (next === undefined) {
      const left = trail.pop()!;
      depths.delete(left);
      done.add(left);
      pending.pop();
      continue;
    }
    const depth = depths.get(next);
    if (depth !== undefined) return [...trail.slice(depth), next].toReversed();
    if (done.has(next) || !byId.has(next)) continue;
    depths.set(next, trail.length);
    trail.push(next);
    pending.push(upstreamOf(byId.get(next)));
  }
  return undefined;
}

/** A task that names itself is reported as that, not as a cycle. */
function upstreamOf(task: Task | undefined): string[] {
  return task === undefined ? [] : [...task.inputs, ...task.needs].filter((id) => id !== task.id);
}
