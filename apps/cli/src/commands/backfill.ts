import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addBackfillChanges } from './backfill/change.ts';
import { addBackfillGet } from './backfill/get.ts';
import { addBackfillList } from './backfill/list.ts';
import { addBackfillStart } from './backfill/start.ts';
import { addBackfillWatch } from './backfill/watch.ts';

export function addBackfillCommand(program: Command, context: CommandContext): void {
  const backfill = program
    .command('backfill')
    .description('run the slots of a schedule within a range of time');
  addBackfillStart(backfill, context);
  addBackfillList(backfill, context);
  addBackfillGet(backfill, context);
  addBackfillWatch(backfill, context);
  addBackfillChanges(backfill, context);
}
