import type { Token } from '@floe/client';
import { Option, type Command } from 'commander';
import { isForPrograms, limit, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readUntil } from '../read-until.ts';
import { formatAge } from '../render/amounts.ts';
import { printDocument, printOutput, type Output } from '../render/output.ts';
import { printable } from '../render/printable.ts';
import { openClient } from '../server/find-server.ts';

const SCOPES = ['read', 'run', 'write', 'admin'] as const;

export function addTokensCommand(program: Command, context: CommandContext): void {
  const tokens = program
    .command('tokens')
    .description('make, see and revoke the tokens that callers of this Floe need');
  addCreate(tokens, context);
  addList(tokens, context);
  addRevoke(tokens, context);
}

type CreateOptions = GlobalOptions &
  OutputOptions & {
    readonly scope: (typeof SCOPES)[number];
    readonly workflow?: readonly string[];
    readonly expires?: string;
  };

function addCreate(tokens: Command, context: CommandContext): void {
  const command = withOutput(tokens.command('create'))
    .argument('<name>', 'what the audit log calls whoever uses it')
    .description('make a token; it is shown once')
    .addOption(
      new Option('--scope <scope>', 'what it allows; each includes those before it')
        .choices(SCOPES)
        .default('read'),
    )
    .option('--workflow <workflow...>', 'only these workflows; for the scopes read and run')
    .option(
      '--expires <time>',
      'until when it counts: 90d from now, or a day or instant',
      readUntil,
    )
    .addHelpText('after', CREATE_EXAMPLES)
    .action(async (name: string) =>
      context.endWith(await create(name, command.optsWithGlobals(), context)),
    );
}

const CREATE_EXAMPLES = `
Scopes: read sees everything but tokens and the audit log; run starts and steers runs; write applies and deletes
workflows; admin changes connections and tokens and reads the audit log.

Examples:
  floe tokens create dashboards
  floe tokens create ci --scope write --expires 90d
  floe tokens create partner --scope run --workflow late-flights
  export FLOE_TOKEN=$(floe tokens create me --scope admin --json | jq -r .secret)`;

async function create(
  name: string,
  { scope, workflow = [], expires, ...options }: CreateOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const made = await client.createToken({
    name,
    scope,
    workflowNames: workflow,
    ...(expires === undefined ? {} : { expireTime: expires }),
  });
  const { terminal } = context;
  const format = options.output;
  if (isForPrograms(format)) {
    await printDocument(made, { terminal, format });
    return EXIT.succeeded;
  }
  // Alone on stdout, so that a shell can take it; what people have to know goes beside it.
  terminal.print(made.secret);
  terminal.say(
    `The token ${printable(name)} is made. Keep it: it is shown only now. Commands read FLOE_TOKEN.`,
  );
  return EXIT.succeeded;
}

type ListOptions = GlobalOptions &
  OutputOptions & { readonly limit: number; readonly pageToken?: string };

function addList(tokens: Command, context: CommandContext): void {
  const command = withOutput(tokens.command('list'))
    .description('list tokens, the newest first; what they are is shown nowhere')
    .option('--limit <count>', 'how many at most (up to 500)', limit, 100)
    .option('--page-token <token>', 'go on after the page that gave this token')
    .addHelpText('after', '\nExamples:\n  floe tokens list\n  floe tokens list -o wide')
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
}

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { limit: pageSize, pageToken = '' } = options;
  const answer = await client.listTokens({ pageSize, pageToken });
  const output = tokenList(answer.tokens, answer);
  await printOutput(output, { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}

function tokenList(tokens: readonly Token[], document: unknown): Output {
  const now = Date.now();
  return {
    document,
    columns: [
      { title: 'token' },
      { title: 'scope' },
      { title: 'state' },
      { title: 'workflows' },
      { title: 'last used' },
      { title: 'from' },
      { title: 'id' },
      { title: 'made by', isWide: true },
      { title: 'made', isWide: true },
    ],
    rows: tokens.map((token) => [
      token.name,
      token.scope.replace('TOKEN_SCOPE_', '').toLowerCase(),
      stateOf(token, now),
      token.workflowNames.join(', '),
      formatAge(token.lastUseTime, now),
      token.lastUseAddress,
      token.tokenId,
      token.createdBy,
      formatAge(token.createTime, now),
    ]),
    whenEmpty: 'There is no token yet. Make one with floe tokens create NAME.',
  };
}

function stateOf({ revokeTime, expireTime }: Token, now: number): string {
  if (revokeTime !== undefined) return 'revoked';
  if (expireTime === undefined) return 'good';
  return Date.parse(expireTime) <= now ? 'expired' : `good until ${expireTime.slice(0, 10)}`;
}

function addRevoke(tokens: Command, context: CommandContext): void {
  const command = withOutput(tokens.command('revoke'))
    .argument('<token>', 'its id, or its name')
    .description('revoke a token: requests with it are refused from then on')
    .addHelpText('after', '\nExamples:\n  floe tokens revoke ci')
    .action(async (named: string) =>
      context.endWith(await revoke(named, command.optsWithGlobals(), context)),
    );
}

// All pages of a long list, and an end for a server that never says that there are no more.
const PAGES_MAX = 100;

async function revoke(
  named: string,
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  let tokenId = named;
  let pageToken = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.listTokens({ pageSize: 500, pageToken });
    const found = answer.tokens.find((token) => token.name === named && !token.revokeTime);
    if (found !== undefined) tokenId = found.tokenId;
    pageToken = answer.nextPageToken;
    if (found !== undefined || pageToken === '') break;
  }
  const token = await client.revokeToken(tokenId);
  const output = tokenList([token], token);
  await printOutput(output, { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}
