import type { FloeClient, Run } from '@floe/client';
import type { Command } from 'commander';
import {
  isForPrograms,
  positiveInteger,
  withOutput,
  type OutputOptions,
} from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { looksLikeFile, readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { waitForRun } from '../follow/wait-for-run.ts';
import { printOutput, printRecord } from '../render/output.ts';
import { reportOutput, reportSummary } from '../render/run-report.ts';
import { listenForInterruption } from '../interruption.ts';
import { hasRunEnded } from '../render/states.ts';
import { collectParameter, type ParameterTexts } from '../run-parameters.ts';
import { showRun } from './runs/steer.ts';
import { openServer } from '../server/open-server.ts';
import { patiently, type Patience } from '../server/patiently.ts';
import { applyDocument } from './apply.ts';

type RunOptions = GlobalOptions &
  OutputOptions & {
    readonly param?: ParameterTexts;
    readonly label?: ParameterTexts;
    readonly exclusive?: true;
    readonly version?: number;
    readonly cache: boolean;
    readonly detach?: true;
  };

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('run'))
    .argument('<workflow>', 'the name of a workflow, or a document to apply first')
    .description('start a run and follow it until it has ended')
    .option('-p, --param <name=value>', 'a parameter of the run; repeat for more', collectParameter)
    .option('--label <name=value>', 'what to find the run by; repeat for more', collectParameter)
    .option('--exclusive', 'refuse while another run of the workflow goes on')
    .option('--version <number>', 'this version instead of the newest', positiveInteger)
    .option('--no-cache', 'do all the work, also where a result of an earlier run could be used')
    .option('--detach', 'print the id of the run and do not wait')
    .addHelpText('after', EXAMPLES)
    .action(async (workflow: string) =>
      context.endWith(await run(workflow, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
JSON and YAML are the report of the run, or with --detach and after Ctrl-C the run.
With a document and no server to reach, everything is started on this machine for the run and stopped after it.
Ctrl-C stops watching, not the run. The exit code is that of the run: 0 succeeded, 1 failed, 3 cancelled.

Examples:
  floe run late-flights --param since=2001-03-01
  floe run examples/late-flights.yaml
  id=$(floe run late-flights --detach)`;

async function run(
  workflow: string,
  options: RunOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const isFile = looksLikeFile(workflow);
  // From before the start on: the run may be under way before its start is answered.
  using interruption = listenForInterruption();
  const { signal } = interruption;
  await using server = await openServer(options, { context, mayStart: isFile, signal });
  if (server === undefined) return EXIT.interrupted;
  const { client } = server;
  const target = isFile
    ? await applyFirst(client, workflow, context)
    : { name: workflow, version: options.version };
  if (target === undefined) return EXIT.invalid;
  if (signal.aborted) return EXIT.interrupted;
  const started = await startRun(client, {
    target,
    parameters: options.param ?? {},
    annotations: options.label ?? {},
    exclusive: options.exclusive === true,
    ignoreCache: !options.cache,
    patience: {
      // A document was applied before: that has reached the server.
      isFirst: !isFile,
      onWait: () => context.terminal.say('The gateway does not answer. Trying again …'),
      signal,
    },
  });
  if (options.detach === true && !server.isOwn) return await detach(started, options, context);
  const howToReturn = server.isOwn
    ? { howToReturn: 'It stops with this Floe and continues with the next: floe up' }
    : {};
  const { terminal } = context;
  const waited = await waitForRun(client, started.runId, {
    terminal,
    interruption,
    ...howToReturn,
  });
  if (hasRunEnded(waited.run.state)) await printReport(client, waited.run, options, context);
  // Whoever reads JSON gets one document, also of a run that goes on.
  else if (isForPrograms(options.output)) await showRun(waited.run, options, context);
  return waited.exitCode;
}

type Target = { readonly name: string; readonly version: number | undefined };

async function applyFirst(
  client: FloeClient,
  path: string,
  context: CommandContext,
): Promise<Target | undefined> {
  const applied = await applyDocument(client, await readDocument(path), context);
  if (applied?.version === undefined) return undefined;
  return { name: applied.version.workflowName, version: applied.version.version };
}

type Wanted = {
  readonly target: Target;
  readonly parameters: ParameterTexts;
  readonly annotations: ParameterTexts;
  readonly exclusive: boolean;
  readonly ignoreCache: boolean;
  readonly patience: Patience;
};

async function startRun(
  client: FloeClient,
  { target, parameters, annotations, exclusive, ignoreCache, patience }: Wanted,
): Promise<Run> {
  // The same id for every try: a request that was lost on its way back starts no second run.
  const requestId = crypto.randomUUID();
  const wanted = {
    workflowName: target.name,
    parameters,
    annotations,
    requestId,
    ...(exclusive && { exclusive }),
    ...(ignoreCache && { ignoreCache }),
    ...(target.version === undefined ? {} : { workflowVersion: target.version }),
  };
  const { run: started } = await patiently(() => client.startRun(wanted), patience);
  return started;
}

async function detach(
  started: Run,
  { output: format }: RunOptions,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  await printRecord({ document: started, line: started.runId }, { terminal, format });
  if (!isForPrograms(format)) terminal.say(`Watch it with: floe runs watch ${started.runId}`);
  return EXIT.succeeded;
}

async function printReport(
  client: FloeClient,
  { runId }: Run,
  { output: format }: RunOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const report = await patiently(() => client.getRunReport(runId));
  terminal.say(reportSummary(report, terminal.errorColors));
  const output = reportOutput(report, terminal.outColors);
  await printOutput(output, { terminal, format });
}
