import { FloeError } from '@floe/errors';
import type { MigrationStatus, PlannedMigration } from '@floe/database';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printOutput, type Output } from '../render/output.ts';

/** `floe up` migrates its own database; this is for one that others run. */
export function addDbCommand(program: Command, context: CommandContext): void {
  const db = program.command('db').description('prepare a control database of your own');
  const migration = withOutput(withUrl(db.command('migrate')))
    .description('bring the control database to the schema of this version; safe to repeat')
    .option('--dry-run', 'only say what would be run, and who would wait for it')
    .addHelpText(
      'after',
      '\nThe user of the address must be able to create roles and a schema. For --dry-run it makes an empty database\n' +
        'beside, tries the migrations there, and removes it.\n\nExample:\n' +
        '  FLOE_DATABASE_URL=postgres://floe@db:5432/floe floe db migrate',
    )
    .action(async () => {
      const options = migration.optsWithGlobals<MigrateOptions>();
      const run = options.dryRun === true ? planDatabase : migrateDatabase;
      context.endWith(await run(options, context));
    });
  const status = withOutput(withUrl(db.command('status')))
    .description(
      'show which migrations were applied, which are missing, and which files have changed since',
    )
    .addHelpText(
      'after',
      '\nExit code 1 when anything but "applied" is shown.\n\nExamples:\n  floe db status\n  floe db status --json',
    )
    .action(async () => context.endWith(await showStatus(status.optsWithGlobals(), context)));
}

function withUrl(command: Command): Command {
  return command.option('--url <url>', 'address of the database (default: $FLOE_DATABASE_URL)');
}

type DbOptions = OutputOptions & { readonly url?: string };
type MigrateOptions = DbOptions & { readonly dryRun?: boolean };

function addressOf({ url: given }: DbOptions, { env }: CommandContext): string {
  const url = given ?? env['FLOE_DATABASE_URL'];
  if (url !== undefined && URL.canParse(url)) return url;
  throw new FloeError('CONFIGURATION_INVALID', 'there is no address of a control database', {
    hint: 'Give --url or FLOE_DATABASE_URL, like postgres://user@host:5432/floe.',
  });
}

const UP_TO_DATE = 'The control database is up to date.';

async function migrateDatabase(options: DbOptions, context: CommandContext): Promise<ExitCode> {
  const { migrate } = await import('@floe/database');
  const { applied } = await migrate(addressOf(options, context));
  const output = {
    document: { applied },
    columns: [{ title: 'applied' }],
    rows: applied.map((name) => [name]),
    whenEmpty: UP_TO_DATE,
  };
  await printOutput(output, { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}

async function planDatabase(options: DbOptions, context: CommandContext): Promise<ExitCode> {
  const { planMigration } = await import('@floe/database');
  const planned = await planMigration(addressOf(options, context));
  await printOutput(planOutput(planned), { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}

function planOutput(planned: readonly PlannedMigration[]): Output {
  return {
    document: { pending: planned },
    columns: [{ title: 'pending' }, { title: 'breaking' }, { title: 'waits meanwhile' }],
    rows: planned.map((one) => [one.name, one.isBreaking ? 'yes' : '', waitingIn(one)]),
    whenEmpty: UP_TO_DATE,
  };
}

function waitingIn({ locks }: PlannedMigration): string {
  if (locks === undefined) return 'unknown: the user may not create a database to try it in';
  const waiting = locks.map(({ table, holdsUp }) => `${holdsUp} of ${table}`);
  return waiting.length === 0 ? 'nobody' : waiting.join(', ');
}

async function showStatus(options: DbOptions, context: CommandContext): Promise<ExitCode> {
  const { readSchemaStatus } = await import('@floe/database');
  const migrations = await readSchemaStatus(addressOf(options, context));
  await printOutput(statusOutput(migrations), {
    terminal: context.terminal,
    format: options.output,
  });
  return migrations.every(({ state }) => state === 'applied') ? EXIT.succeeded : EXIT.failed;
}

function statusOutput(migrations: readonly MigrationStatus[]): Output {
  return {
    document: { migrations },
    columns: [{ title: 'migration' }, { title: 'state' }, { title: 'applied' }],
    rows: migrations.map(({ name, state, appliedAt }) => [
      name,
      state,
      appliedAt === undefined ? '' : new Date(appliedAt).toISOString(),
    ]),
    whenEmpty: 'This version has no migrations.',
  };
}
