import { openMongoSource } from '@floe/mongo';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { Connections } from '../../import/connections.ts';
import { importRecords } from '../../import/import-records.ts';
import { QuarantineFile } from '../../import/quarantine.ts';
import { Tally, type ImportReport } from '../../import/report.ts';
import { sayReport } from '../../import/say-report.ts';
import { drySink, serverSink } from '../../import/sink.ts';
import { listenForInterruption } from '../../interruption.ts';
import { printDocument } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import type { Terminal } from '../../terminal.ts';

type Options = GlobalOptions &
  OutputOptions & {
    readonly dryRun?: true;
    readonly database?: string;
    readonly secretsDir?: string;
    readonly quarantine: string;
    readonly history: boolean;
  };

export function addImportMongo(parent: Command, context: CommandContext): void {
  const command = withOutput(
    parent
      .command('mongo')
      .argument(
        '<source>',
        'a mongodb:// address, a folder or archive of mongodump, or a file of mongoexport',
      )
      .description('import the workflows of the service that Floe replaces, and its past runs')
      .option('--dry-run', 'say what would become of each document; store nothing, need no server')
      .option('--database <name>', 'the database, where the source holds several or names none')
      .option('--no-history', 'leave the past runs of the collection jobRun out')
      .option(
        '--secrets-dir <folder>',
        'put the passwords of the documents into files of this folder, which the connections name',
      )
      .option(
        '--quarantine <file>',
        'where documents go that cannot be read',
        'floe-import-quarantine.ndjson',
      )
      .addHelpText('after', EXAMPLES),
  ).action(async (source: string) =>
    context.endWith(await importMongo(source, command.optsWithGlobals(), context)),
  );
}

const EXAMPLES = `
A document that was imported before changes nothing, so an import that was stopped goes on when it is started again.
Passwords are stored nowhere and shown nowhere: connections name a variable (env:NAME), or a file with --secrets-dir.

Examples:
  floe import mongo workflow.json --dry-run
  floe import mongo dump/app --secrets-dir /etc/floe/secrets
  floe import mongo dump.archive.gz --database app
  floe import mongo mongodb://reader@mongo.example.com/app --json

Exit codes: 0 all imported, 1 some were kept without a workflow or put aside.`;

async function importMongo(
  path: string,
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { database, secretsDir: secretsFolder } = options;
  const collections = options.history ? ['workflow', 'jobRun'] : ['workflow'];
  const source = await openMongoSource(path, { collections, database });
  const client = options.dryRun === true ? undefined : await openClient(options, context);
  const connections = new Connections({ client, secretsFolder });
  const tally = new Tally();
  using interruption = listenForInterruption();
  await using quarantine = new QuarantineFile(options.quarantine);
  await importRecords(source.records(), {
    sink: client === undefined ? drySink() : serverSink(client, source.name),
    tally,
    connections,
    quarantine,
    signal: interruption.signal,
    onProgress: () => sayProgress(tally, terminal),
  });
  if (terminal.isLive) terminal.draw('\r\u001b[K');
  const facts = { source: source.name, isDryRun: client === undefined };
  const report = tally.report({ ...facts, connections: connections.reports });
  if (options.output === 'table') sayReport(report, terminal, quarantine.path);
  else await printDocument(report, { terminal, format: options.output });
  return exitCodeOf(report);
}

function sayProgress({ documents, runsImported }: Tally, terminal: Terminal): void {
  if (terminal.isLive) terminal.draw(`\r\u001b[K${documents} documents, ${runsImported} runs`);
}

function exitCodeOf({ refused, quarantined }: ImportReport): ExitCode {
  return refused + quarantined > 0 ? EXIT.failed : EXIT.succeeded;
}
