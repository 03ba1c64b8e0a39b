import type { Workflow, WorkflowTask } from '@floe/client';
import type { Command } from 'commander';
import { outputOptions, positiveInteger, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatAge } from '../render/amounts.ts';
import { printOutput, type Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';

export function addWorkflowsCommand(program: Command, context: CommandContext): void {
  const workflows = program.command('workflows').description('see the stored workflows');
  addList(workflows, context);
  addGet(workflows, context);
}

type ListOptions = GlobalOptions &
  OutputOptions & { readonly search?: string; readonly limit: number };

function addList(workflows: Command, context: CommandContext): void {
  const command = workflows
    .command('list')
    .description('list workflows by name')
    .option('--search <text>', 'only names that contain this text')
    .option('--limit <count>', 'how many at most (up to 500)', positiveInteger, 50)
    .addHelpText(
      'after',
      '\nExamples:\n  floe workflows list\n  floe workflows list --search late -o yaml',
    )
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { search, limit, output: format } = options;
  const answer = await client.listWorkflows({
    pageSize: limit,
    ...(search === undefined ? {} : { search }),
  });
  await printOutput(workflowList(answer), { terminal: context.terminal, format });
  return EXIT.succeeded;
}

function workflowList(answer: { readonly workflows: readonly Workflow[] }): Output {
  const now = Date.now();
  return {
    document: answer,
    columns: [
      { title: 'workflow' },
      { title: 'version', align: 'right' },
      { title: 'tasks', align: 'right' },
      { title: 'updated' },
      { title: 'description', isWide: true },
    ],
    rows: answer.workflows.map((workflow) => [
      workflow.name,
      String(workflow.latestVersion),
      String(workflow.taskCount),
      formatAge(workflow.updateTime, now),
      workflow.description,
    ]),
    whenEmpty: 'No workflow is stored yet. Store one with floe apply -f FILE.',
  };
}

type GetOptions = GlobalOptions &
  OutputOptions & { readonly version?: number; readonly source?: true };

function addGet(workflows: Command, context: CommandContext): void {
  const command = workflows
    .command('get')
    .argument('<name>', 'the name of the workflow')
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
  for (const option of outputOptions()) command.addOption(option);
}

async function get(name: string, options: GetOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { version, output: format } = options;
  const answer = await client.getWorkflow(name, version === undefined ? {} : { version });
  const { terminal } = context;
  if (options.source === true) terminal.print((answer.version?.source ?? '').trimEnd());
  else await printOutput(taskList(answer, answer.version?.tasks ?? []), { terminal, format });
  return EXIT.succeeded;
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
