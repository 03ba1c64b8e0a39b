import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { renderExplanation } from '../render/explanation.ts';
import { printDocument } from '../render/output.ts';
import { sayWarnings, toViolation } from '../render/problems.ts';
import { reportError } from '../report-error.ts';
import { openClient } from '../server/find-server.ts';
import { toFloeError } from '@floe/errors';

type ExplainOptions = GlobalOptions & OutputOptions;

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('explain'))
    .argument('<file>', 'the document, YAML or JSON; - for stdin')
    .description('show how a document would be run: order, SQL and Polars plans; runs nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string) =>
      context.endWith(await explain(file, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
The SQL of an extract is shown as it runs: without the columns and rows that no task behind it uses.
\`push_down: false\` in an extract switches that off.

Examples:
  floe explain examples/late-flights.yaml
  floe explain workflow.yaml --json | jq -r '.tasks[].sql'`;

async function explain(
  file: string,
  options: ExplainOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const source = await readDocument(file);
  const { terminal } = context;
  try {
    const explained = await client.explainWorkflow(source.text);
    const { output: format } = options;
    if (isForPrograms(format)) await printDocument(explained, { terminal, format });
    else for (const line of renderExplanation(explained, terminal.outColors)) terminal.print(line);
    sayWarnings(explained.warnings.map(toViolation), { terminal, source });
    return EXIT.succeeded;
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category !== 'invalid') throw error;
    reportError(error, context, source);
    return EXIT.invalid;
  }
}
