import type { Executor } from '@floe/client';
import type { Command } from 'commander';
import { withOutput } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { formatAge } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { wordOfExecutorState } from '../../render/states.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';

type ListOptions = GlobalOptions & ShowOptions & { readonly pool?: string };

export function addExecutorsList(executors: Command, context: CommandContext): void {
  const command = withOutput(executors.command('list'))
    .description('list executors')
    .option('--pool <pool>', 'only executors of this pool')
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText(
      'after',
      '\nExamples:\n  floe executors list\n  floe executors list -o wide --watch',
    )
    .action(async () => {
      const options: ListOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const { pool } = options;
      const ask = async () => {
        const all = await client.listExecutors();
        return executorList(all.filter((one) => pool === undefined || one.pool === pool));
      };
      context.endWith(await showOutput(ask, options, context));
    });
}

function executorList(executors: readonly Executor[]): Output {
  const now = Date.now();
  return {
    document: { executors },
    columns: [
      { title: 'executor' },
      { title: 'pool' },
      { title: 'labels' },
      { title: 'state' },
      { title: 'busy', align: 'right' },
      { title: 'slots', align: 'right' },
      { title: 'last seen' },
      { title: 'address', isWide: true },
      { title: 'version', isWide: true },
    ],
    rows: executors.map((executor) => [
      executor.executorId,
      executor.pool,
      executor.labels.join(', '),
      wordOfExecutorState(executor.state),
      String(executor.busySlots),
      String(executor.slots),
      formatAge(executor.lastSeenTime, now),
      executor.address,
      executor.version,
    ]),
    whenEmpty: 'No executor has said hello: runs wait. floe up starts two.',
  };
}
