import type { Command } from 'commander';
import type { Artifact, FloeClient } from '@floe/client';
import { outputOptions, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printArtifact, type ShownArtifact } from '../../render/artifact.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';

// A run of a thousand tasks has some thousand artifacts; the rest is a matter for the API.
const ARTIFACTS_MAX = 1_000;

type Options = GlobalOptions & OutputOptions & { readonly show?: string };

export function addRunsArtifacts(runs: Command, context: CommandContext): void {
  const command = runs
    .command('artifacts')
    .argument('<run>', 'the id of the run')
    .option('--show <task>', 'show what a task left: its rows, columns and checks')
    .description('list what a run left for people: previews of rows, findings of checks')
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs artifacts 01a0…\n  floe runs artifacts 01a0… --show ranking',
    )
    .action(async (runId: string) =>
      context.endWith(await artifacts(runId, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function artifacts(
  runId: string,
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { artifacts: all } = await client.listArtifacts(runId, {
    pageSize: ARTIFACTS_MAX,
    ...(options.show !== undefined && { taskId: options.show }),
  });
  const { terminal } = context;
  if (options.show === undefined) {
    await printOutput(toOutput(all), { terminal, format: options.output });
    return EXIT.succeeded;
  }
  const contents = await readAll(client, all);
  if (options.output === 'json' || options.output === 'yaml') {
    await printOutput(
      { ...toOutput([]), document: contents },
      { terminal, format: options.output },
    );
  } else for (const content of contents) printArtifact(content, terminal);
  if (contents.length === 0) terminal.say(`Task ${options.show} left nothing.`);
  return EXIT.succeeded;
}

async function readAll(
  client: FloeClient,
  wanted: readonly Artifact[],
): Promise<readonly ShownArtifact[]> {
  const shown: ShownArtifact[] = [];
  for (const { artifactId } of wanted) {
    const { artifact, content } = await client.getArtifact(artifactId);
    const isJson = artifact.mediaType === 'application/json';
    shown.push({ ...artifact, content: isJson ? (JSON.parse(content) as unknown) : content });
  }
  return shown;
}

function toOutput(all: readonly Artifact[]): Output {
  return {
    document: { artifacts: all },
    columns: [
      { title: 'task' },
      { title: 'what' },
      { title: 'made' },
      { title: 'id', isWide: true },
    ],
    rows: all.map(({ taskId, title, createTime, artifactId }) => [
      taskId,
      title,
      createTime ?? '',
      artifactId,
    ]),
    whenEmpty: 'The run left nothing for people yet.',
  };
}
