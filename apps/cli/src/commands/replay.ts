import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FloeClient } from '@floe/client';
import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import {
  isForPrograms,
  positiveInteger,
  withOutput,
  type OutputOptions,
} from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { listAllTaskRuns } from '../follow/follow-run.ts';
import type { ErrorSource } from '../render/error.ts';
import { printDocument } from '../render/output.ts';
import type { PastRun } from '../replay/find-datasets.ts';
import type { Replayed } from '../replay/replay-task.ts';
import { reportError } from '../report-error.ts';
import { openClient } from '../server/find-server.ts';
import { runTaskPackages } from '../task-packages.ts';

type ReplayOptions = GlobalOptions &
  OutputOptions & {
    readonly workflow: string;
    readonly key?: readonly string[];
    readonly limit: number;
    readonly exitCode?: true;
  };

const splitNames = (text: string): string[] => text.split(',').filter((name) => name !== '');

export function addReplayCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('replay'))
    .argument('<run>', 'the id of a run')
    .argument('<task>', 'a transform, check or file_extract of it')
    .description('run a past task on its kept inputs with a new text, and show what differs')
    .requiredOption('-w, --workflow <file>', 'the document with the new text')
    .option('--key <columns>', 'columns that tell rows apart, like id or day,shop', splitNames)
    .option(
      '--limit <count>',
      'how many rows that differ are shown (up to 100)',
      positiveInteger,
      10,
    )
    .option('--exit-code', 'end with 1 when something differs')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string, taskId: string) =>
      context.endWith(await replay({ runId, taskId }, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
Touches nothing: the work is done here, on the rows that the run kept, into a folder that is gone afterwards. What a
run has not kept is made again by the text of that time. Rows are compared by --key, else by the key of the load behind
the task, else by their place. Of a check, what each rule finds is compared. A file_extract reads its files as they
are now, below FLOE_FILES_DIR or the present folder. Tasks that reach a database, write, or start something are refused.

Examples:
  floe replay 01a0… ranking --workflow late-flights.yaml
  floe replay 01a0… ranking -w late-flights.yaml --key origin --limit 50
  floe replay 01a0… good_orders -w orders.yaml
  floe replay 01a0… ranking -w late-flights.yaml --json | jq .rows.changedByColumn`;

type Named = { readonly runId: string; readonly taskId: string };

async function replay(
  { runId, taskId }: Named,
  options: ReplayOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const source = await readDocument(options.workflow);
  const { readWorkflow } = await import('@floe/workflow');
  await runTaskPackages(context);
  const { TASK_TYPES } = await import('@floe/tasks');
  const { workflow, violations } = readWorkflow(source.text, { taskTypes: TASK_TYPES });
  if (violations.length > 0) return refuse(source, violations, context);
  const client = await openClient(options, context);
  const past = await readPast(client, runId);
  const { lazyStore } = await import('../replay/open-store.ts');
  const { replayTask } = await import('../replay/replay-task.ts');
  const scratch = await mkdtemp(join(tmpdir(), 'floe-replay-'));
  await using store = lazyStore(options, context, join(scratch, 'fetched'));
  const { terminal } = context;
  const onAgain = (again: string) =>
    terminal.say(terminal.errorColors.dim(`The rows of ${again} were not kept: made again.`));
  try {
    const filesDir = resolve(context.env['FLOE_FILES_DIR'] || '.');
    const workshop = { past, store: () => store.store(), scratch, filesDir, onAgain };
    const { key, limit } = options;
    return await show(
      await replayTask({ taskId, workflow, key, limit }, workshop),
      options,
      context,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function refuse(
  source: ErrorSource,
  violations: FloeError['violations'],
  context: CommandContext,
): ExitCode {
  const error = new FloeError('DOCUMENT_INVALID', `${source.path} is not valid`, { violations });
  return reportError(error, context, source);
}

async function readPast(client: FloeClient, runId: string): Promise<PastRun> {
  const { bindParameters } = await import('@floe/workflow');
  const run = await client.getRun(runId);
  const [{ side, narrowed }, taskRuns] = await Promise.all([
    import('../diff/load-side.ts').then(({ loadApplied }) =>
      loadApplied(client, { name: run.workflowName, version: run.workflowVersion }),
    ),
    listAllTaskRuns(client, runId),
  ]);
  const { workflow } = side;
  return {
    runId,
    workflow,
    taskRuns: new Map(taskRuns.map((taskRun) => [taskRun.taskId, taskRun])),
    parameters: bindParameters(workflow, run.parameters ?? {}),
    narrowed,
  };
}

async function show(
  replayed: Replayed,
  { output: format, exitCode }: ReplayOptions,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  if (isForPrograms(format)) await printDocument(replayed, { terminal, format });
  else {
    const { renderReplay } = await import('../render/replay.ts');
    for (const line of renderReplay(replayed, terminal.outColors)) terminal.print(line);
  }
  return exitCode === true && hasDifference(replayed) ? EXIT.failed : EXIT.succeeded;
}

function hasDifference(replayed: Replayed): boolean {
  if (replayed.kind === 'check') {
    return replayed.rules.some(({ before, after }) => before?.found !== after?.found);
  }
  const { rows, columns } = replayed;
  return columns.length + rows.changed + rows.added + rows.removed > 0;
}
