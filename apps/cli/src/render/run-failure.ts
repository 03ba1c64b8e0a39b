import type { Run } from '@floe/client';
import type { Colors } from '../terminal.ts';
import { printable, printableLines } from './printable.ts';

/** Why a run did not succeed, and what to do: empty for one that did. */
export function runFailureLines({ failure }: Run, colors: Colors): string[] {
  if (failure === undefined) return [];
  const place =
    failure.taskId === '' ? '' : `${colors.bold(`task ${printable(failure.taskId)}`)}  `;
  const [first = '', ...rest] = printableLines(failure.message);
  const hint = failure.hint === '' ? [] : printableLines(failure.hint);
  return [
    `${colors.red(colors.bold('error'))} ${colors.dim(failure.code)} ${place}${first}`,
    ...rest,
    ...hint.map((line, index) => `${index === 0 ? colors.cyan('→') : ' '} ${line}`),
  ];
}
