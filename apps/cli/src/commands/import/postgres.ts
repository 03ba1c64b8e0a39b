import type { TargetAddress } from '@floe/database';
import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { importOldTables } from '../../import/import-old-tables.ts';
import { openOldTables } from '../../import/old-tables.ts';
import { QuarantineFile } from '../../import/quarantine.ts';
import { Tally } from '../../import/report.ts';
import { sayReport } from '../../import/say-report.ts';
import { drySink, serverSink } from '../../import/sink.ts';
import { findSource } from '../../init/find-source.ts';
import { listenForInterruption } from '../../interruption.ts';
import { printDocument } from '../../render/output.ts';
import { openClient, stateDirOf } from '../../server/find-server.ts';
import { databaseAddress, readEndpoints } from '../../server/read-endpoints.ts';
import type { Terminal } from '../../terminal.ts';

type Options = GlobalOptions &
  OutputOptions & {
    readonly dryRun?: true;
    readonly schema: string;
    readonly secret?: string;
    readonly quarantine: string;
  };

export function addImportPostgres(parent: Command, context: CommandContext): void {
  const command = withOutput(
    parent
      .command('postgres')
      .argument(
        '[source]',
        'a postgres:// address or the name of a connection (default: the control database of Floe)',
      )
      .description('import the past runs that the replaced service kept in PostgreSQL tables')
      .option('--dry-run', 'say what would become of each run; store nothing')
      .option('--schema <name>', 'where workflow_run_stats and node_run_details are', 'public')
      .option('--secret <reference>', 'where the password is: env:NAME or file:/path')
      .option(
        '--quarantine <file>',
        'where rows go that cannot be read',
        'floe-import-quarantine.ndjson',
      )
      .addHelpText('after', EXAMPLES),
  ).action(async (source: string | undefined) =>
    context.endWith(await importPostgres(source, command.optsWithGlobals(), context)),
  );
}

const EXAMPLES = `
The tables are read from one snapshot and are not changed; who writes to them does not wait. A run that was imported
before changes nothing, so an import that was stopped goes on when it is started again. Runs that Floe itself has written
into these tables are left out.

Examples:
  floe import postgres postgres://reader@db.example.com/app --dry-run
  floe import postgres postgres://reader@db.example.com/app --schema stats --secret env:PASSWORD
  floe import postgres

Exit codes: 0 all imported, 1 some rows were put aside.`;

async function importPostgres(
  word: string | undefined,
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const address = await addressOf(word, options, context);
  using interruption = listenForInterruption();
  const { signal } = interruption;
  await using tables = await openOldTables(address, { schema: options.schema, signal });
  const client = options.dryRun === true ? undefined : await openClient(options, context);
  const tally = new Tally();
  await using quarantine = new QuarantineFile(options.quarantine);
  await importOldTables(tables.runs(), {
    sink: client === undefined ? drySink() : serverSink(client, tables.name),
    tally,
    quarantine,
    signal,
    onProgress: () => sayProgress(tally, tables.counts.runs, terminal),
  });
  if (terminal.isLive) terminal.draw('\r\u001b[K');
  const facts = { source: tables.name, isDryRun: client === undefined, connections: [] };
  const report = tally.report({ ...facts, rows: tables.counts });
  if (options.output === 'table') sayReport(report, terminal, quarantine.path);
  else await printDocument(report, { terminal, format: options.output });
  return report.quarantined > 0 ? EXIT.failed : EXIT.succeeded;
}

async function addressOf(
  word: string | undefined,
  options: Options,
  context: CommandContext,
): Promise<TargetAddress> {
  const { env } = context;
  const given = word ?? env['FLOE_DATABASE_URL'];
  if (given !== undefined) {
    const client = await openClient(options, context);
    return (await findSource(given, { client, env, secret: options.secret })).address;
  }
  const endpoints = await readEndpoints(stateDirOf(options, env));
  if (endpoints !== undefined)
    return databaseAddress(endpoints, endpoints.postgres.controlDatabase);
  throw new FloeError('ARGUMENT_INVALID', 'there is no database to read the old tables from', {
    hint: 'Give its address, like postgres://reader@host:5432/database, or FLOE_DATABASE_URL.',
  });
}

function sayProgress({ runsRead }: Tally, runs: number, terminal: Terminal): void {
  if (terminal.isLive) terminal.draw(`\r\u001b[K${runsRead} of ${runs} runs`);
}
