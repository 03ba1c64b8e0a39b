import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import type { Finding } from '../doctor/check.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printOutput, type Output } from '../render/output.ts';
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
  const output = findingList(findings, terminal.outColors);
  await printOutput(output, { terminal, format: options.output });
  return findings.some(({ result }) => result === 'failed') ? EXIT.failed : EXIT.succeeded;
}

function findingList(findings: readonly Finding[], colors: Colors): Output {
  const looks = {
    ok: { text: '✓', paint: colors.green },
    warning: { text: '!', paint: colors.yellow },
    failed: { text: '✗', paint: colors.red },
  };
  return {
    document: { findings },
    columns: [{ title: '' }, { title: 'check' }, { title: 'found' }, { title: 'what to do' }],
    rows: findings.map(({ check, result, found, mend }) => [looks[result], check, found, mend]),
    whenEmpty: '',
  };
}
