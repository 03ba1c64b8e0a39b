import { userInfo } from 'node:os';
import type { FloeClient, Run } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printRecord } from '../../render/output.ts';
import { sightOf } from '../../render/states.ts';
import { collectParameter, type ParameterTexts } from '../../run-parameters.ts';
import { openClient } from '../../server/find-server.ts';

type SteerOptions = GlobalOptions & OutputOptions;

type Verb = {
  readonly name: string;
  readonly means: string;
  readonly example: string;
  readonly steer: (client: FloeClient, runId: string) => Promise<Run>;
};

/** `pause` and `resume`: what needs no more than the run. */
export function addRunsPauseAndResume(runs: Command, context: CommandContext): void {
  addVerb(runs, context, {
    name: 'pause',
    means: 'let nothing new begin; what runs goes on',
    example: 'floe runs pause 01a0…',
    steer: (client, runId) => client.pauseRun(runId),
  });
  addVerb(runs, context, {
    name: 'resume',
    means: 'go on with a paused run',
    example: 'floe runs resume 01a0…',
    steer: (client, runId) => client.resumeRun(runId),
  });
}

function addVerb(runs: Command, context: CommandContext, verb: Verb): void {
  const command = withOutput(runs.command(verb.name))
    .argument('<run>', 'the id of the run')
    .description(verb.means)
    .addHelpText('after', `\nExamples:\n  ${verb.example}`)
    .action(async (runId: string) => {
      const options: SteerOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      context.endWith(await showRun(await verb.steer(client, runId), options, context));
    });
}

type ApproveOptions = SteerOptions & {
  readonly reject?: true;
  readonly comment?: string;
  readonly as?: string;
  readonly form?: ParameterTexts;
};

export function addRunsApprove(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('approve'))
    .argument('<run>', 'the id of the run')
    .argument('<task>', 'the approval that waits')
    .description('answer an approval: yes, or no with --reject')
    .option('--reject', 'say no: the task fails with the comment')
    .option('--comment <text>', 'shown to whoever looks at the run')
    .option('--as <name>', 'who answers; without it the user of this computer')
    .option('--form <name=value>', 'a field of the form; may be repeated', collectParameter)
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs approve 01a0… publish\n  floe runs approve 01a0… publish --reject --comment "too early"',
    )
    .action(async (runId: string, taskId: string) =>
      context.endWith(await approve({ runId, taskId }, command.optsWithGlobals(), context)),
    );
}

async function approve(
  names: { readonly runId: string; readonly taskId: string },
  options: ApproveOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { reject, comment = '', form = {}, as: approver = userInfo().username } = options;
  const answer = { approved: reject !== true, comment, form, approver };
  const taskRun = await client.approveTask(names.runId, names.taskId, answer);
  const { terminal } = context;
  const line = `${taskRun.taskId}  ${sightOf(taskRun.state, terminal.outColors).word}`;
  await printRecord({ document: taskRun, line }, { terminal, format: options.output });
  return EXIT.succeeded;
}

export async function showRun(
  run: Run,
  { output: format }: OutputOptions,
  { terminal }: Pick<CommandContext, 'terminal'>,
): Promise<ExitCode> {
  const line = `${run.runId}  ${sightOf(run.state, terminal.outColors).word}`;
  await printRecord({ document: run, line }, { terminal, format });
  return EXIT.succeeded;
}
