import type { TaskItems } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { formatCount } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';

export function addRunsItems(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('items'))
    .argument('<run>', 'the id of the run')
    .argument('<task>', 'a task with foreach')
    .description('show what became of the items of a task, and why some failed')
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs items 01a0… count\n  floe runs items 01a0… count --json | jq -r .states',
    )
    .action(async (runId: string, taskId: string) => {
      const options: GlobalOptions & OutputOptions & ShowOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const ask = async () => itemList(await client.getTaskItems(runId, taskId));
      context.endWith(await showOutput(ask, options, context));
    });
}

const STATES = [
  ['s', 'succeeded'],
  ['f', 'failed'],
  ['r', 'running'],
  ['w', 'waits to be tried again'],
  ['.', 'has not begun'],
] as const;

function itemList(items: TaskItems): Output {
  const counts = STATES.map(([letter, word]) => [countOf(items.states, letter), word] as const);
  return {
    document: items,
    columns: [
      { title: 'items', align: 'right' },
      { title: 'state' },
      { title: 'item', align: 'right' },
      { title: 'why' },
    ],
    rows: [
      ...counts.filter(([count]) => count > 0).map(([count, word]) => [formatCount(count), word]),
      ...items.failures.map(({ index, failure }) => [
        '',
        'failed',
        String(index),
        failure?.message ?? '',
      ]),
    ],
    whenEmpty: 'The task has no items, or has not begun.',
  };
}

function countOf(states: string, letter: string): number {
  return states.split(letter).length - 1;
}
