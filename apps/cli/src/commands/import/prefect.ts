import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { importPrefect, type PrefectReport } from '../../import/import-prefect.ts';
import { createPrefectApi } from '../../import/prefect-api.ts';
import { listenForInterruption } from '../../interruption.ts';
import { printOutput } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';

type Options = GlobalOptions &
  OutputOptions & {
    readonly dryRun?: true;
    readonly keyEnv?: string;
    readonly history: boolean;
  };

export function addImportPrefect(parent: Command, context: CommandContext): void {
  const command = withOutput(
    parent
      .command('prefect')
      .argument('<url>', 'the API of a Prefect 3 server, like http://127.0.0.1:4200/api')
      .description(
        'import deployments with their schedules as workflows to be filled in, and past runs',
      )
      .option(
        '--dry-run',
        'say what would become of each deployment; store nothing, need no server',
      )
      .option('--key-env <name>', 'the environment variable that holds the API key')
      .option('--no-history', 'leave the past runs out')
      .addHelpText('after', EXAMPLES),
  ).action(async (url: string) =>
    context.endWith(await runImport(url, command.optsWithGlobals(), context)),
  );
}

const EXAMPLES = `
The Python of a task cannot be brought over: each task stands as one that fails by its name until you write it, in the
order that the newest run had. Schedules begin paused. A workflow that is there already is left as it is.

Examples:
  floe import prefect http://127.0.0.1:4200/api --dry-run
  floe import prefect https://prefect.example.com/api --key-env PREFECT_API_KEY

Exit codes: 0 all imported, 1 some deployments were refused.`;

async function runImport(
  url: string,
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const api = createPrefectApi({ url, key: keyOf(options, context) });
  const client = options.dryRun === true ? undefined : await openClient(options, context);
  using interruption = listenForInterruption();
  const { signal } = interruption;
  const report = await importPrefect(api, { client, withHistory: options.history, signal });
  const { terminal } = context;
  await printOutput(outputOf(report), { terminal, format: options.output });
  if (options.output === 'table') sayRest(report, (line) => terminal.say(line));
  return report.deployments.some(({ state }) => state === 'refused') ? EXIT.failed : EXIT.succeeded;
}

function keyOf({ keyEnv }: Options, { env }: CommandContext): string | undefined {
  if (keyEnv === undefined) return undefined;
  const key = env[keyEnv];
  if (key !== undefined && key !== '') return key;
  throw new FloeError('ARGUMENT_INVALID', `the variable ${keyEnv} holds no key`);
}

function outputOf(report: PrefectReport) {
  return {
    document: report,
    columns: [
      { title: 'deployment' },
      { title: 'workflow' },
      { title: 'tasks', align: 'right' as const },
      { title: 'schedules', align: 'right' as const },
      { title: 'state' },
    ],
    rows: report.deployments.map((each) => [
      each.deployment,
      each.workflow,
      String(each.tasks),
      String(each.schedules),
      each.state,
    ]),
    whenEmpty: 'The server has no deployments.',
  };
}

function sayRest(
  { deployments, runs, isDryRun }: PrefectReport,
  say: (line: string) => void,
): void {
  for (const { deployment, notes } of deployments) {
    for (const note of notes) say(`${deployment}: ${note}`);
  }
  say(
    `${runs.read} past runs, ${runs.unchanged} of them there before, ${runs.skipped} without a start`,
  );
  if (isDryRun) say('Nothing was stored. Without --dry-run it is.');
}
