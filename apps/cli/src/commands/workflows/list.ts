import type { Workflow } from '@floe/client';
import type { Command } from 'commander';
import { limit, withOutput } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { formatAge } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';

type ListOptions = GlobalOptions &
  ShowOptions & { readonly search?: string; readonly limit: number };

export function addWorkflowsList(workflows: Command, context: CommandContext): void {
  const command = withOutput(workflows.command('list'))
    .description('list workflows by name')
    .option('--search <text>', 'only names that contain this text')
    .option('--limit <count>', 'how many at most (up to 500)', limit, 50)
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText(
      'after',
      '\nExamples:\n  floe workflows list\n  floe workflows list --search late -o yaml',
    )
    .action(async () => {
      const options: ListOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const { search, limit: pageSize } = options;
      const question = { pageSize, ...(search === undefined ? {} : { search }) };
      const ask = async () => workflowList(await client.listWorkflows(question));
      context.endWith(await showOutput(ask, options, context));
    });
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
