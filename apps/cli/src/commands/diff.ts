import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printDocument } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { knowTaskPackages } from '../task-packages.ts';

export type DiffOptions = GlobalOptions & OutputOptions & { readonly exitCode?: true };

export function addDiffCommand(program: Command, context: CommandContext): void {
  const command = withDiffOptions(program.command('diff'))
    .argument('<before>', 'a document, a workflow, or a version: NAME@VERSION')
    .argument('[after]', 'the same; without it the newest that fits to the first')
    .description(
      'show what differs between two versions of a workflow, or a file and what is applied',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (before: string, after: string | undefined) =>
      context.endWith(await diff([before, after], command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
Compares fields and texts of the tasks, the columns of their datasets, and which columns the results come from. Of a
document alone: what is applied, and the document. Of a workflow alone: its last two versions.

Examples:
  floe diff workflow.yaml
  floe diff late-flights
  floe diff late-flights@3 late-flights@5
  floe diff old.yaml new.yaml --json | jq '.tasks[].taskId'
  floe diff workflow.yaml --exit-code || echo "not applied yet"`;

/** Adds the options of every command that compares workflows. */
export function withDiffOptions(command: Command): Command {
  return withOutput(command).option('--exit-code', 'end with 1 when something differs');
}

export async function diff(
  words: readonly [string, string | undefined],
  options: DiffOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  await knowTaskPackages(context);
  const { findSides } = await import('../diff/find-sides.ts');
  const { diffWorkflows, isSame } = await import('../diff/diff-workflows.ts');
  const { before, after } = await findSides(client, words);
  const found = diffWorkflows(before, after);
  const { terminal } = context;
  const { output: format } = options;
  if (isForPrograms(format)) {
    await printDocument(found, { terminal, format });
  } else if (isSame(found)) terminal.say(`${before.label} and ${after.label} are the same.`);
  else {
    const { renderWorkflowDiff } = await import('../render/workflow-diff.ts');
    for (const line of renderWorkflowDiff(found, terminal.outColors)) terminal.print(line);
  }
  return options.exitCode === true && !isSame(found) ? EXIT.failed : EXIT.succeeded;
}
