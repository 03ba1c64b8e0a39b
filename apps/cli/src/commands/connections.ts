import type { Connection, NewConnection, SslMode } from '@floe/client';
import { FloeError } from '@floe/errors';
import { Option, type Command } from 'commander';
import { outputOptions, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatDuration } from '../render/amounts.ts';
import { printDone, printOutput, type Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';

// As many connections as anybody lists by hand; a page of the API holds no more.
const LISTED_MAX = 500;
const POSTGRES_PORT = 5432;

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: 'SSL_MODE_DISABLE',
  require: 'SSL_MODE_REQUIRE',
  'verify-full': 'SSL_MODE_VERIFY_FULL',
};

export function addConnectionsCommand(program: Command, context: CommandContext): void {
  const connections = program
    .command('connections')
    .description('name the databases and HTTP APIs that workflows use');
  addSet(connections, context);
  addList(connections, context);
  addTest(connections, context);
  addDelete(connections, context);
}

type SetOptions = GlobalOptions &
  OutputOptions & {
    readonly secret?: string;
    readonly sslMode?: string;
    readonly user?: string;
    readonly secretHeader?: string;
    readonly proxy?: string;
    readonly proxySecret?: string;
    readonly ca?: string;
    readonly clientCertificate?: string;
    readonly clientKey?: string;
  };

function addSet(connections: Command, context: CommandContext): void {
  const command = connections
    .command('set')
    .argument('<connection>', 'what workflows call it, like warehouse')
    .argument(
      '<url>',
      'postgres://user@host:port/database or https://host/path, without a password',
    )
    .description('create or replace a connection')
    .option('--secret <reference>', 'where the password is: env:NAME or file:/absolute/path')
    .addOption(
      new Option('--ssl-mode <mode>', 'encryption, as in libpq').choices(Object.keys(SSL_MODES)),
    )
    .option('--user <name>', 'of an HTTP API: who asks, with Basic authentication')
    .option('--secret-header <name>', 'of an HTTP API: the header of the secret, like X-Api-Key')
    .option('--proxy <url>', 'of an HTTP API: what requests go through, like http://proxy:3128')
    .option('--proxy-secret <reference>', 'where USER:PASSWORD of the proxy is')
    .option('--ca <reference>', 'where the authority of the server is, in PEM')
    .option('--client-certificate <reference>', 'where the certificate is that the server is shown')
    .option('--client-key <reference>', 'where the key of that certificate is')
    .addHelpText('after', SET_EXAMPLES)
    .action(async (name: string, url: string) =>
      context.endWith(
        await set(readConnection(name, url, command.opts()), command.optsWithGlobals(), context),
      ),
    );
  for (const option of outputOptions()) command.addOption(option);
}

const SET_EXAMPLES = `
The executors and the metadata service read the password where they run, each time they connect.

Examples:
  floe connections set warehouse postgres://etl@db.example.com/dwh --secret env:WAREHOUSE_PASSWORD
  floe connections set source postgres://reader@127.0.0.1:5433/shop --secret file:/run/secrets/shop
  floe connections set ledger postgres://etl@db.internal/books --ssl-mode verify-full \\
    --ca file:/run/secrets/db-ca.pem --secret env:BOOKS_PASSWORD
  floe connections set crm https://api.example.com/v1 --secret env:CRM_TOKEN
  floe connections set bank https://api.example.com --proxy http://proxy.example.com:3128 \\
    --client-certificate file:/run/secrets/bank.crt --client-key file:/run/secrets/bank.key`;

async function set(
  connection: NewConnection,
  options: SetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const stored = await client.setConnection(connection);
  const output = connectionList({ connections: [stored] });
  const { terminal } = context;
  await printOutput({ ...output, document: stored }, { terminal, format: options.output });
  return EXIT.succeeded;
}

type ConnectionOptions = Omit<SetOptions, keyof GlobalOptions | keyof OutputOptions>;

/** The connection that the words mean. Throws ARGUMENT_INVALID. */
export function readConnection(
  name: string,
  text: string,
  options: ConnectionOptions,
): NewConnection {
  const { secret, sslMode } = options;
  const url = URL.parse(text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) {
    return readApi(name, url, options);
  }
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw wrongUrl('the address of a connection is a URL');
  }
  if (url.password !== '')
    throw wrongUrl('the address holds a password, which would be stored in the clear');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (url.hostname === '' || url.username === '' || database === '') {
    throw wrongUrl('the address has to name host, user and database');
  }
  const mode = SSL_MODES[sslMode ?? url.searchParams.get('sslmode') ?? ''];
  return {
    name,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? POSTGRES_PORT : Number(url.port),
    database,
    username: decodeURIComponent(url.username),
    ...(secret === undefined ? {} : { secretReference: secret }),
    ...(mode === undefined ? {} : { sslMode: mode }),
    ...given({
      caReference: options.ca,
      clientCertificateReference: options.clientCertificate,
      clientKeyReference: options.clientKey,
    }),
  };
}

function readApi(name: string, url: URL, options: ConnectionOptions): NewConnection {
  if (url.username !== '' || url.password !== '')
    throw wrongUrl('the address holds a user or a password, which would be stored in the clear');
  return {
    kind: 'CONNECTION_KIND_HTTP',
    name,
    baseUrl: url.href,
    ...given({
      username: options.user,
      secretReference: options.secret,
      secretHeader: options.secretHeader,
      proxy: options.proxy,
      proxySecretReference: options.proxySecret,
      caReference: options.ca,
      clientCertificateReference: options.clientCertificate,
      clientKeyReference: options.clientKey,
    }),
  };
}

/** Only what was said. */
function given<Name extends string>(
  fields: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, string>> {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as Partial<Record<Name, string>>;
}

function wrongUrl(reason: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', reason, {
    hint:
      'Write postgres://user@host:port/database, or https://host/path and --user, ' +
      'and the place of the password in --secret.',
  });
}

function addList(connections: Command, context: CommandContext): void {
  const command = connections
    .command('list')
    .description('list connections; passwords are shown nowhere')
    .addHelpText('after', '\nExamples:\n  floe connections list')
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function list(
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const answer = await client.listConnections({ pageSize: LISTED_MAX });
  const { terminal } = context;
  await printOutput(connectionList(answer), { terminal, format: options.output });
  return EXIT.succeeded;
}

function connectionList(answer: { readonly connections: readonly Connection[] }): Output {
  return {
    document: answer,
    columns: [
      { title: 'connection' },
      { title: 'host' },
      { title: 'port', align: 'right' },
      { title: 'database or address' },
      { title: 'user' },
      { title: 'secret' },
      { title: 'ssl', isWide: true },
    ],
    rows: answer.connections.map((connection) => [
      connection.name,
      connection.host,
      String(connection.port),
      connection.kind === 'CONNECTION_KIND_HTTP' ? connection.baseUrl : connection.database,
      connection.username,
      connection.secretReference,
      connection.sslMode.replace(/^SSL_MODE_/, '').toLowerCase(),
    ]),
    whenEmpty: 'No connection is known yet. Name one with floe connections set NAME URL.',
  };
}

function addTest(connections: Command, context: CommandContext): void {
  const command = connections
    .command('test')
    .argument('<connection>', 'its name')
    .description('log in and ask the server what it is')
    .addHelpText('after', '\nExamples:\n  floe connections test warehouse')
    .action(async (name: string) =>
      context.endWith(await test(name, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function test(
  name: string,
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const answer = await client.testConnection(name);
  const output: Output = {
    document: answer,
    columns: [{ title: 'connection' }, { title: 'server' }, { title: 'answered in' }],
    rows: [[name, answer.serverVersion, formatDuration(answer.latencyMs)]],
    whenEmpty: '',
  };
  await printOutput(output, { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}

function addDelete(connections: Command, context: CommandContext): void {
  const command = withOutput(connections.command('delete'))
    .argument('<connection>', 'its name')
    .description('forget a connection; workflows that name it fail from then on')
    .addHelpText('after', '\nExamples:\n  floe connections delete warehouse')
    .action(async (name: string) => {
      const options: GlobalOptions & OutputOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      await client.deleteConnection(name);
      const done = { document: { deleted: name }, sentence: `Connection ${name} is deleted.` };
      await printDone(done, { terminal: context.terminal, format: options.output });
      context.endWith(EXIT.succeeded);
    });
}
