import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addExecutorsDrain } from './executors/drain.ts';
import { addExecutorsList } from './executors/list.ts';

export function addExecutorsCommand(program: Command, context: CommandContext): void {
  const executors = program
    .command('executors')
    .description('see the executors and their slots, and drain them');
  addExecutorsList(executors, context);
  addExecutorsDrain(executors, context);
}
