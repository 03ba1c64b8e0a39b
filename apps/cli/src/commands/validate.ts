import { toFloeError } from '@floe/errors';
import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { namedDocument, readDocument } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatPlural } from '../render/amounts.ts';
import { renderViolation, type ErrorSource } from '../render/error.ts';
import { printDocument } from '../render/output.ts';
import { sayWarnings, toViolation } from '../render/problems.ts';
import { findServer, tokenOf } from '../server/find-server.ts';
import { knowTaskPackages } from '../task-packages.ts';
import type { Verdict } from '../verdict.ts';

type ValidateOptions = GlobalOptions & OutputOptions & { readonly file?: string };

export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('validate'))
    .description('check a workflow document and store nothing; works without a server, too')
    .argument('[files...]', 'documents, YAML or JSON; - for stdin')
    .option('-f, --file <path>', 'the same, for one')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[]) => {
      const options: ValidateOptions = command.optsWithGlobals();
      const paths = files.length > 1 ? files : [namedDocument(files[0], options.file)];
      context.endWith(await validate(paths, options, context));
    });
}

const EXAMPLES = `
With a server, the tables and queries that the document names are checked too.

Examples:
  floe validate examples/late-flights.yaml
  floe validate examples/*.yaml
  floe validate workflow.yaml --json | jq '.errors[].message'`;

async function validate(
  paths: readonly string[],
  options: ValidateOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { output: format } = options;
  const judged: (Verdict & { readonly path: string; readonly valid: boolean })[] = [];
  for (const path of paths) {
    const source = await readDocument(path);
    const verdict = await judge(source, options, context);
    judged.push({ path: source.path, valid: verdict.errors.length === 0, ...verdict });
    if (!isForPrograms(format)) sayVerdict(verdict, source, context);
  }
  const valid = judged.every((each) => each.valid);
  const document = judged.length === 1 ? judged[0] : { valid, documents: judged };
  if (isForPrograms(format)) await printDocument(document, { terminal, format });
  return valid ? EXIT.succeeded : EXIT.invalid;
}

async function judge(
  source: ErrorSource,
  options: ValidateOptions,
  { env }: CommandContext,
): Promise<Verdict> {
  const { createFloeClient } = await import('@floe/client');
  const { url, isGiven } = await findServer(options, env);
  try {
    const client = createFloeClient({ baseUrl: url, ...tokenOf(env) });
    const { problems, tasks } = await client.validateWorkflow(source.text);
    const isWarning = (severity: string) => severity === 'PROBLEM_SEVERITY_WARNING';
    return {
      checkedBy: 'server',
      errors: problems.filter(({ severity }) => !isWarning(severity)).map(toViolation),
      warnings: problems.filter(({ severity }) => isWarning(severity)).map(toViolation),
      taskCount: tasks.length,
    };
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (isGiven || error.code !== 'SERVICE_UNAVAILABLE') throw error;
    await knowTaskPackages({ env });
    const { judgeOffline } = await import('../judge-offline.ts');
    return judgeOffline(source.text);
  }
}

function sayVerdict(verdict: Verdict, source: ErrorSource, { terminal }: CommandContext): void {
  const colors = terminal.errorColors;
  for (const violation of verdict.errors) {
    for (const line of renderViolation(violation, { colors, source })) terminal.say(line);
    terminal.say('');
  }
  sayWarnings(verdict.warnings, { terminal, source });
  const how =
    verdict.checkedBy === 'server' ? '' : ' (no server reachable: tables and queries not checked)';
  if (verdict.errors.length > 0) {
    terminal.say(
      colors.red(`✗ ${source.path}: ${formatPlural(verdict.errors.length, 'error')}${how}`),
    );
    return;
  }
  terminal.say(
    colors.green(`✓ ${source.path}: valid, ${formatPlural(verdict.taskCount, 'task')}${how}`),
  );
}
