import { TailLogsRequest, type LogLine } from '@floe/rpc/contracts';
import type { LegacyNodeRun, LegacyRun } from '@floe/rpc/internal-contracts';
import type { LegacyCall } from './context.ts';
import { textOf } from './read-body.ts';
import { refuse } from './refusal.ts';

type Line = { readonly at: number; readonly message: string; readonly isFailed: boolean };

// One answer: some megabytes of text at most. The newest lines are those that say how it went.
const LINES_MAX = 10_000;
const FAILED_LEVELS: ReadonlySet<string> = new Set(['error', 'fatal', 'critical']);

/** What happened to a run and its nodes, and what its tasks wrote, in the order of time. */
export async function getWorkflowRunLogById(call: LegacyCall): Promise<object> {
  const { body, context, options } = call;
  const workflowRunId = textOf(body, 'workflowRunId');
  const workflowId = textOf(body, 'workflowId');
  const found = await context.clients.legacy.findLegacyRun({ workflowRunId }, options);
  const { run, nodes } = found;
  if (run === undefined || (workflowId !== '' && run.workflowId !== workflowId)) {
    throw refuse(`Workflow run not found: ${workflowRunId}`);
  }
  const written = run.isOwn ? await readLines(call, run.workflowRunId) : [];
  const lines = [...linesOfRun(run), ...nodes.flatMap(linesOfNode), ...written];
  return lines
    .toSorted((one, other) => one.at - other.at)
    .slice(-LINES_MAX)
    .map(({ at, message, isFailed }) => ({
      timestamp: new Date(at).toISOString(),
      message,
      msgType: isFailed ? 'Failed' : 'Success',
    }));
}

async function readLines({ context, options }: LegacyCall, runId: string): Promise<Line[]> {
  const lines: Line[] = [];
  const request = TailLogsRequest.create({ runId });
  for await (const { line } of context.clients.reporting.tailLogs(request, options)) {
    if (line !== undefined) lines.push(lineOf(line));
    // Half of what is kept goes at a time, so that a long log costs no more than a short one.
    if (lines.length > 2 * LINES_MAX) lines.splice(0, LINES_MAX);
  }
  return lines;
}

function lineOf({ time, level, taskId, message }: LogLine): Line {
  return {
    at: time?.getTime() ?? 0,
    message: taskId === '' ? message : `${taskId}: ${message}`,
    isFailed: FAILED_LEVELS.has(level.toLowerCase()),
  };
}

function linesOfRun(run: LegacyRun): Line[] {
  const { startTime, endTime, workflowName, runStatus } = run;
  const started = `Workflow ${workflowName} was started by ${run.runBy}`;
  const ended = `Workflow ${workflowName}: ${runStatus}`;
  return [...at(startTime, started), ...at(endTime, ended, runStatus === 'Failed')];
}

function linesOfNode(node: LegacyNodeRun): Line[] {
  const { startTime, endTime, nodeStatus, errorMessage, rows } = node;
  const name = node.nodeName || node.nodeId;
  const reason = errorMessage === '' ? `${rows} rows` : errorMessage;
  const isFailed = nodeStatus === 'Failed';
  return [
    ...at(startTime, `Node ${name} has begun`),
    ...at(endTime, `Node ${name}: ${nodeStatus}, ${reason}`, isFailed),
  ];
}

function at(time: Date | undefined, message: string, isFailed = false): Line[] {
  return time === undefined ? [] : [{ at: time.getTime(), message, isFailed }];
}
