import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../command-options.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printOutput } from '../render/output.ts';

/** `floe up` migrates its own database; this is for one that others run. */
export function addDbCommand(program: Command, context: CommandContext): void {
  const db = program.command('db').description('prepare a control database of your own');
  const command = db
    .command('migrate')
    .description('bring the control database to the schema of this version; safe to repeat')
    .option('--url <url>', 'address of the database (default: $FLOE_DATABASE_URL)')
    .addHelpText(
      'after',
      '\nThe user of the address must be able to create roles and a schema.\n\nExample:\n' +
        '  FLOE_DATABASE_URL=postgres://floe@db:5432/floe floe db migrate',
    )
    .action(async () => context.endWith(await migrateDatabase(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

type MigrateOptions = OutputOptions & { readonly url?: string };

async function migrateDatabase(
  options: MigrateOptions,
  { env, terminal }: CommandContext,
): Promise<ExitCode> {
  const url = options.url ?? env['FLOE_DATABASE_URL'];
  if (url === undefined || !URL.canParse(url)) {
    throw new FloeError('CONFIGURATION_INVALID', 'there is no address of a control database', {
      hint: 'Give --url or FLOE_DATABASE_URL, like postgres://user@host:5432/floe.',
    });
  }
  const { migrate } = await import('@floe/database');
  const { applied } = await migrate(url);
  const rows = applied.map((name) => [name]);
  const whenEmpty = 'The control database is up to date.';
  const output = { document: { applied }, columns: [{ title: 'applied' }], rows, whenEmpty };
  await printOutput(output, { terminal, format: options.output });
  return EXIT.succeeded;
}
