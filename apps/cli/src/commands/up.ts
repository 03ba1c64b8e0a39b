import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Endpoints } from '@floe/embedded';
import { Option, type Command } from 'commander';
import { positiveInteger } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { listenForInterruption, type Interruption } from '../interruption.ts';
import { formatDuration } from '../render/amounts.ts';
import { whereToLook } from '../render/where-to-look.ts';
import { stateDirOf } from '../server/find-server.ts';
import { startUnlessInterrupted } from '../server/start-unless-interrupted.ts';

export type UpOptions = GlobalOptions & {
  readonly portBase?: number;
  readonly executors?: number;
  readonly schedulers?: number;
  readonly slots?: number;
  readonly json?: true;
  readonly untilStdinEnds?: true;
  readonly tokens?: true;
  readonly listen?: string;
};

export function addUpCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('up')
    .description(
      'run everything on this machine until Ctrl-C: services, executors, PostgreSQL, NATS',
    )
    .option('--json', 'when everything is ready, print where it is as one line of JSON')
    .option('--tokens', 'require a token of every caller; the first is shown once')
    .option('--listen <host>', 'let others reach the gateway at this address; requires tokens')
    .addOption(new Option('--until-stdin-ends', 'stop when stdin is closed').hideHelp())
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await up(command.optsWithGlobals(), context)));
  for (const option of [...embeddedOptions(), schedulersOption()]) command.addOption(option);
}

function schedulersOption(): Option {
  return new Option(
    '--schedulers <count>',
    'how many schedulers; any may die at any time (default: 1)',
  ).argParser(positiveInteger);
}

/** Options of every command that starts an embedded Floe. */
export function embeddedOptions(): readonly Option[] {
  return [
    new Option(
      '--port-base <port>',
      'the gateway gets this port, the others the next ones (default: 7400)',
    ).argParser(positiveInteger),
    new Option('--executors <count>', 'how many executors (default: 2)').argParser(positiveInteger),
    new Option('--slots <count>', 'worker processes of each executor (default: 2)').argParser(
      positiveInteger,
    ),
  ];
}

const EXAMPLES = `
Listens on loopback only, unless --listen says otherwise. Everything it keeps is in the state folder (.floe); a second start finds it again.

Examples:
  floe up
  floe up --state-dir /tmp/other --port-base 7500
  floe up --schedulers 3 --executors 4
  floe up --listen 0.0.0.0
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 FLOE_JAEGER_URL=http://127.0.0.1:16686 floe up`;

async function up(options: UpOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, env } = context;
  using interruption = listenForInterruption();
  const startedAt = performance.now();
  const { startEmbeddedFloe } = await import('@floe/embedded');
  const stateDir = stateDirOf(options, env);
  const requiresTokens = options.tokens === true || options.listen !== undefined;
  const settings = {
    stateDir,
    ...(options.portBase === undefined ? {} : { portBase: options.portBase }),
    ...(options.executors === undefined ? {} : { executors: options.executors }),
    ...(options.schedulers === undefined ? {} : { schedulers: options.schedulers }),
    ...(options.slots === undefined ? {} : { slots: options.slots }),
    report: (line: string) => terminal.say(terminal.errorColors.dim(line)),
    ...(options.listen === undefined ? {} : { gatewayHost: options.listen }),
    env: requiresTokens ? { ...env, FLOE_TOKENS: 'required' } : env,
  };
  const signal = whenToStop(interruption, options);
  const start = () => startEmbeddedFloe(settings);
  const floe = await startUnlessInterrupted(start, { signal, terminal });
  if (floe === undefined) return EXIT.interrupted;
  try {
    const tookMs = performance.now() - startedAt;
    sayReady(floe.endpoints, { options, context, stateDir, tookMs });
    await sayWhoMayCall({ options, context, stateDir });
    await untilStopped(signal);
  } finally {
    terminal.say('Stopping …');
    await floe.stop();
  }
  terminal.say('Stopped. The state stays; floe up continues where it was.');
  return EXIT.succeeded;
}

type Ready = {
  readonly options: UpOptions;
  readonly context: CommandContext;
  readonly stateDir: string;
  readonly tookMs: number;
};

function sayReady(endpoints: Endpoints, { options, context, stateDir, tookMs }: Ready): void {
  const { terminal, env } = context;
  if (options.json === true) {
    terminal.print(JSON.stringify(endpoints));
    return;
  }
  const { green } = terminal.errorColors;
  terminal.say(`${green('✓')} Floe is up after ${formatDuration(tookMs)}. Ctrl-C stops it.\n`);
  for (const line of whereToLook(endpoints, { stateDir, env, colors: terminal.errorColors })) {
    terminal.say(line);
  }
}

/** The first token of an administrator is shown once, and then only its hash is kept. */
async function sayWhoMayCall({ options, context, stateDir }: Omit<Ready, 'tookMs'>): Promise<void> {
  const { terminal, env } = context;
  const isRequired =
    options.tokens === true || options.listen !== undefined || env['FLOE_TOKENS'] === 'required';
  if (!isRequired) {
    if (options.json !== true)
      terminal.say('\nNo token is needed: only programs of this machine can reach it (--tokens).');
    return;
  }
  const path = join(stateDir, 'first-admin-token');
  const token = await readFile(path, 'utf8').catch(() => undefined);
  if (token === undefined) {
    terminal.say(
      '\nEvery caller needs a token: floe tokens create makes them, FLOE_TOKEN takes one.',
    );
    return;
  }
  // A program that reads stdout gets no secret that it has not asked for; the file is its.
  if (options.json === true) {
    terminal.say(
      `\nThe first token of an administrator is in ${path}; remove it when you have it.`,
    );
    return;
  }
  await rm(path);
  const { bold } = terminal.errorColors;
  terminal.say(`\nEvery caller needs a token. The first, for an administrator, shown only now:\n`);
  terminal.say(`  export FLOE_TOKEN=${bold(token.trim())}\n`);
}

/** Whoever has started this has a hold on it by its stdin: when that ends, so does everything, also while it starts. */
function whenToStop(
  { signal }: Pick<Interruption, 'signal'>,
  { untilStdinEnds }: UpOptions,
): AbortSignal {
  if (untilStdinEnds !== true) return signal;
  const ended = new AbortController();
  process.stdin.once('close', () => ended.abort());
  process.stdin.resume();
  return AbortSignal.any([signal, ended.signal]);
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
