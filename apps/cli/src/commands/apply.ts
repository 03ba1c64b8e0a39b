import type { AppliedWorkflow, FloeClient } from '@floe/client';
import { toFloeError } from '@floe/errors';
import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { namedDocument, readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatPlural } from '../render/amounts.ts';
import type { ErrorSource } from '../render/error.ts';
import { printOutput } from '../render/output.ts';
import { sayWarnings, toViolation } from '../render/problems.ts';
import { reportError } from '../report-error.ts';
import { openClient } from '../server/find-server.ts';

type ApplyOptions = GlobalOptions & OutputOptions & { readonly file?: string };

export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply')
    .description('store a workflow document as the newest version of its workflow')
    .argument('[file]', 'the document, YAML or JSON; - for stdin')
    .option('-f, --file <path>', 'the same')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined) => {
      const options: ApplyOptions = command.optsWithGlobals();
      context.endWith(await apply(namedDocument(file, options.file), options, context));
    });
  for (const option of outputOptions()) command.addOption(option);
}

const EXAMPLES = `
Examples:
  floe apply examples/late-flights.yaml
  generate-workflow | floe apply - --json`;

async function apply(
  path: string,
  options: ApplyOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const source = await readDocument(path);
  const client = await openClient(options, context);
  const applied = await applyDocument(client, source, context);
  if (applied === undefined) return EXIT.invalid;
  const { version, unchanged } = applied;
  const rows = [
    [
      version?.workflowName ?? '',
      String(version?.version ?? ''),
      formatPlural(version?.tasks.length ?? 0, 'task'),
      unchanged ? 'unchanged' : 'stored',
      version?.digest ?? '',
    ],
  ];
  const columns = [
    { title: 'workflow' },
    { title: 'version', align: 'right' as const },
    { title: 'tasks' },
    { title: 'result' },
    { title: 'digest', isWide: true },
  ];
  const output = { document: applied, columns, rows, whenEmpty: '' };
  await printOutput(output, { terminal: context.terminal, format: options.output });
  return EXIT.succeeded;
}

/** Applies a document and says its warnings; undefined when it is not valid, which has been reported then. */
export async function applyDocument(
  client: FloeClient,
  source: ErrorSource,
  context: CommandContext,
): Promise<AppliedWorkflow | undefined> {
  try {
    const applied = await client.applyWorkflow(source.text);
    const { terminal } = context;
    sayWarnings(applied.warnings.map(toViolation), { terminal, source });
    return applied;
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category !== 'invalid') throw error;
    reportError(error, context, source);
    return undefined;
  }
}
