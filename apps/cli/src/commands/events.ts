import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addEventsTail } from './events/tail.ts';

export function addEventsCommand(program: Command, context: CommandContext): void {
  const events = program
    .command('events')
    .description('listen to what happens, as subscribers of NATS are told');
  addEventsTail(events, context);
}
