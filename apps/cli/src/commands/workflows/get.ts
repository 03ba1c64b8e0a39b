import type { WorkflowMetadata, WorkflowTask } from '@floe/client';
import type { Command } from 'commander';
import { positiveInteger, withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';

type GetOptions = GlobalOptions &
  OutputOptions & { readonly version?: number; readonly source?: true };

export function addWorkflowsGet(workflows: Command, context: CommandContext): void {
  const command = withOutput(workflows.command('get'))
    .argument('<workflow>', 'its name')
    .description('show a version of a workflow: its tasks and their columns')
    .option('--version <number>', 'this version instead of the newest', positiveInteger)
    .option('--source', 'print the document as it was applied')
    .addHelpText(
      'after',
      '\nExamples:\n  floe workflows get late-flights\n  floe workflows get late-flights --source > late-flights.yaml',
    )
    .action(async (name: string) =>
      context.endWith(await get(name, command.optsWithGlobals(), context)),
    );
}

async function get(name: string, options: GetOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { version, output: format } = options;
  const answer = await client.getWorkflow(name, version === undefined ? {} : { version });
  const { terminal } = context;
  if (options.source === true) {
    terminal.print((answer.version?.source ?? '').trimEnd());
    return EXIT.succeeded;
  }
  for (const line of factLines(answer.metadata)) terminal.say(line);
  await printOutput(taskList(answer, answer.version?.tasks ?? []), { terminal, format });
  return EXIT.succeeded;
}

/** What the newest runs stored about the workflow, a line each. */
function factLines(facts: readonly WorkflowMetadata[]): readonly string[] {
  return facts.map(({ name, value }) => `${name}: ${String(value)}`);
}

function taskList(document: unknown, tasks: readonly WorkflowTask[]): Output {
  return {
    document,
    columns: [
      { title: 'task' },
      { title: 'type' },
      { title: 'needs' },
      { title: 'columns' },
      { title: 'description', isWide: true },
    ],
    rows: tasks.map((task) => [
      task.taskId,
      task.type,
      task.upstreamTaskIds.join(', '),
      task.columns.map((column) => `${column.name} ${column.type}`).join(', '),
      task.description,
    ]),
    whenEmpty: 'The workflow has no tasks.',
  };
}
