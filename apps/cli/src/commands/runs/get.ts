import type { FloeClient, Run, TaskRun } from '@floe/client';
import type { Command } from 'commander';
import { isForPrograms, outputOptions, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { listAllTaskRuns } from '../../follow/follow-run.ts';
import { askQuestions, asksSomebody, questionLines } from '../../follow/questions.ts';
import { TASK_COLUMNS, taskRows } from '../../follow/task-rows.ts';
import { printOutput } from '../../render/output.ts';
import { runFailureLines } from '../../render/run-failure.ts';
import { sightOf } from '../../render/states.ts';
import { openClient } from '../../server/find-server.ts';
import type { Terminal } from '../../terminal.ts';

export function addRunsGet(runs: Command, context: CommandContext): void {
  const command = runs
    .command('get')
    .argument('<run>', 'the id of the run')
    .description('show a run and its tasks as they are now')
    .addHelpText('after', '\nExamples:\n  floe runs get 01a0…\n  floe runs get 01a0… -o yaml')
    .action(async (runId: string) =>
      context.endWith(await get(runId, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function get(
  runId: string,
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const [run, taskRuns] = await Promise.all([client.getRun(runId), listAllTaskRuns(client, runId)]);
  const { terminal } = context;
  const { symbol, word, paint } = sightOf(run.state, terminal.errorColors);
  terminal.say(`${paint(`${symbol} ${run.workflowName} v${run.workflowVersion}`)} ${word}`);
  const output = {
    document: { run, taskRuns },
    columns: TASK_COLUMNS,
    rows: taskRows(taskRuns, { now: Date.now(), colors: terminal.outColors }),
    whenEmpty: 'The run has no tasks.',
  };
  await printOutput(output, { terminal, format: options.output });
  if (!isForPrograms(options.output)) await sayQuestions(client, run, taskRuns, terminal);
  for (const line of runFailureLines(run, terminal.errorColors)) terminal.say(line);
  return EXIT.succeeded;
}

async function sayQuestions(
  client: FloeClient,
  run: Run,
  taskRuns: readonly TaskRun[],
  terminal: Terminal,
): Promise<void> {
  const questions = await askQuestions(client, run, taskRuns);
  for (const task of taskRuns.filter(asksSomebody)) {
    for (const line of questionLines(task, questions, terminal.errorColors)) {
      terminal.say(line);
    }
  }
}
