import { writeFile } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { SeenTable } from '../init/look-at-tables.ts';
import { formatCount } from '../render/amounts.ts';
import { printDocument, printOutput } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';

type InitOptions = GlobalOptions &
  OutputOptions & {
    readonly table?: string;
    readonly into?: string;
    readonly connection?: string;
    readonly secret?: string;
    readonly file?: string;
    readonly list?: true;
    readonly force?: true;
  };

export function addInitCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('init'))
    .argument('[source]', 'postgres://user@host:port/database, or a connection', 'source')
    .description('write a first workflow from a look at a database')
    .option('--table <table>', 'of this table; without it of the largest that has a key and a time')
    .option('--into <table>', 'where the rows go; without it beside the table, as <table>_copy')
    .option('--connection <connection>', 'what workflows call a database that is given by URL')
    .option('--secret <reference>', 'where the password is: env:NAME or file:/path ($PGPASSWORD)')
    .option('-f, --file <path>', 'the file to write; - for stdout (<name>.yaml)')
    .option('--force', 'write over a file that is there')
    .option('--list', 'only list the tables that the user may read')
    .addHelpText('after', EXAMPLES)
    .action(async (source: string) =>
      context.endWith(await init(source, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
The workflow extracts what is new since a time, where the table has one, and updates the copy by the table's key. It
only reads the catalogue, and writes one file.

Examples:
  floe init source
  floe init source --list
  PGPASSWORD=… floe init postgres://reader@db.example.com/shop --table public.orders --connection shop
  floe init source --table orders -f - | floe validate -f -`;

async function init(
  word: string,
  options: InitOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { findSource } = await import('../init/find-source.ts');
  const { lookAtTables } = await import('../init/look-at-tables.ts');
  const { env } = context;
  const source = await findSource(word, { client, env, secret: options.secret });
  const tables = await lookAtTables(source.address);
  if (options.list === true) return listTables(tables, options, context);
  const { chooseTable } = await import('../init/choose-table.ts');
  const { writeDocument, workflowName } = await import('../init/write-document.ts');
  const table = chooseTable(tables, options.table);
  const name = workflowName(table.table);
  const connection = source.connection ?? options.connection ?? 'source';
  const into = options.into ?? `${table.schema}.${table.table}_copy`;
  const text = writeDocument({ table, connection, into, name });
  const path = options.file ?? `${name}.yaml`;
  await put(path, text, { options, context });
  const written = {
    file: path,
    workflow: name,
    table: `${table.schema}.${table.table}`,
    connection,
  };
  return tell(written, source.connection === undefined, { options, context });
}

type Around = { readonly options: InitOptions; readonly context: CommandContext };

async function put(path: string, text: string, { options, context }: Around): Promise<void> {
  if (path === '-') {
    context.terminal.print(text.trimEnd());
    return;
  }
  try {
    await writeFile(path, text, { flag: options.force === true ? 'w' : 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = isThere ? 'it is there already' : String(cause);
    throw new FloeError('ARGUMENT_INVALID', `${path} is not written: ${why}`, {
      cause,
      hint: isThere ? 'Give another --file, or --force.' : 'Give another --file.',
    });
  }
}

type Written = {
  readonly file: string;
  readonly workflow: string;
  readonly table: string;
  readonly connection: string;
};

async function tell(
  written: Written,
  isByUrl: boolean,
  { options, context: { terminal } }: Around,
): Promise<ExitCode> {
  const { file, workflow, table, connection } = written;
  const { output: format } = options;
  if (file === '-') return EXIT.succeeded;
  if (isForPrograms(format)) {
    await printDocument(written, { terminal, format });
    return EXIT.succeeded;
  }
  const { green } = terminal.errorColors;
  terminal.say(`${green('✓')} ${file}: workflow ${workflow}, of table ${table}`);
  const set = `  floe connections set ${connection} postgres://USER@HOST/DATABASE --secret env:NAME`;
  terminal.say(['Go on with:', ...(isByUrl ? [set] : []), `  floe run ${file}`].join('\n'));
  return EXIT.succeeded;
}

async function listTables(
  tables: readonly SeenTable[],
  { output: format }: InitOptions,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  const { findWatermark } = await import('../init/choose-table.ts');
  const output = {
    document: { tables },
    columns: [
      { title: 'table' },
      { title: 'rows, about', align: 'right' as const },
      { title: 'key' },
      { title: 'time' },
      { title: 'columns', isWide: true },
    ],
    rows: tables.map((table) => [
      `${table.schema}.${table.table}`,
      formatCount(Math.round(table.estimatedRows)),
      table.key.join(', '),
      findWatermark(table)?.column.name ?? '',
      table.columns.map(({ name, type }) => `${name} ${type}`).join(', '),
    ]),
    whenEmpty: 'The user may read no table of this database.',
  };
  await printOutput(output, { terminal, format });
  return EXIT.succeeded;
}
