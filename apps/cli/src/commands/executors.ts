import type { Executor } from '@floe/client';
import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatAge } from '../render/amounts.ts';
import { printOutput, type Output } from '../render/output.ts';
import { wordOfExecutorState } from '../render/states.ts';
import { openClient } from '../server/find-server.ts';

export function addExecutorsCommand(program: Command, context: CommandContext): void {
  const executors = program.command('executors').description('see the executors and their slots');
  const command = executors
    .command('list')
    .description('list executors')
    .addHelpText('after', '\nExamples:\n  floe executors list\n  floe executors list -o wide')
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function list(
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const executors = await client.listExecutors();
  const { terminal } = context;
  await printOutput(executorList(executors), { terminal, format: options.output });
  return EXIT.succeeded;
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
