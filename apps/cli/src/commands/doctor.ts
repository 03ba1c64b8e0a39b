import type { Command } from 'commander';
import { isForPrograms, outputOptions, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import type { Finding } from '../doctor/check.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printDocument } from '../render/output.ts';
import { printable } from '../render/printable.ts';
import { renderTable } from '../render/table.ts';
import type { Colors } from '../terminal.ts';

export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('doctor')
    .description('check this machine and the running Floe, and say how to mend what is wrong')
    .addHelpText('after', '\nExamples:\n  floe doctor\n  floe doctor --json')
    .action(async () => context.endWith(await doctor(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function doctor(
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { examine } = await import('../doctor/examine.ts');
  const findings = await examine(options, context);
  const { terminal } = context;
  const format = options.output;
  if (isForPrograms(format)) await printDocument({ findings }, { terminal, format });
  else for (const line of findingLines(findings, terminal.outColors)) terminal.print(line);
  return findings.some(({ result }) => result === 'failed') ? EXIT.failed : EXIT.succeeded;
}

/** A line for each check, and one below it for what to do. */
function findingLines(findings: readonly Finding[], colors: Colors): readonly string[] {
  const looks = {
    ok: { text: '✓', paint: colors.green },
    warning: { text: '!', paint: colors.yellow },
    failed: { text: '✗', paint: colors.red },
  };
  const columns = [{ title: '' }, { title: 'check' }, { title: 'found' }];
  const rows = findings.map(({ check, result, found }) => [looks[result], check, found]);
  const [header = '', ...lines] = renderTable(columns, rows, colors);
  const toDo = findings.map(({ mend }) =>
    mend === '' ? [] : [`   ${colors.cyan('→')} ${printable(mend)}`],
  );
  return [header, ...lines.flatMap((line, index) => [line, ...(toDo[index] ?? [])])];
}
