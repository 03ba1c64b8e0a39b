import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addImportMongo } from './import/mongo.ts';
import { addImportPostgres } from './import/postgres.ts';
import { addImportPrefect } from './import/prefect.ts';

export function addImportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('import')
    .description('bring workflows and past runs over from another system');
  addImportMongo(command, context);
  addImportPostgres(command, context);
  addImportPrefect(command, context);
}
