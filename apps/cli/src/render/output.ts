import type { Terminal } from '../terminal.ts';
import { formatPlural } from './amounts.ts';
import { fitTable, type OutputColumn } from './fit-table.ts';
import { printable } from './printable.ts';
import { renderTable, type Cell } from './table.ts';

export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml';

/** What a command has to show: the document for programs, and how it looks as a table. */
export type Output = {
  /** As the API gives it: camel case, 64-bit integers as text. */
  readonly document: unknown;
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said instead of an empty table. */
  readonly whenEmpty: string;
};

/** Prints data to stdout in the format that the person asked for. */
export async function printOutput(
  output: Output,
  { terminal, format }: { readonly terminal: Terminal; readonly format: OutputFormat },
): Promise<void> {
  if (format === 'json' || format === 'yaml')
    await printDocument(output.document, { terminal, format });
  else printTable(output, { terminal, format });
}

/** The document itself, for commands whose form for people is no table. */
export async function printDocument(
  document: unknown,
  { terminal, format }: { readonly terminal: Terminal; readonly format: OutputFormat },
): Promise<void> {
  if (format === 'yaml') {
    const { stringify } = await import('yaml');
    terminal.print(stringify(document).trimEnd());
  } else terminal.print(JSON.stringify(document, undefined, 2));
}

/** One thing that a word or two say to people; the document for programs. Goes to stdout in any form. */
export async function printRecord(
  { document, line }: { readonly document: unknown; readonly line: string },
  to: { readonly terminal: Terminal; readonly format: OutputFormat },
): Promise<void> {
  if (to.format === 'json' || to.format === 'yaml') await printDocument(document, to);
  else to.terminal.print(printable(line));
}

/** Where there is nothing to list: a sentence for people, the document for programs. */
export async function printDone(
  { document, sentence }: { readonly document: unknown; readonly sentence: string },
  to: { readonly terminal: Terminal; readonly format: OutputFormat },
): Promise<void> {
  if (to.format === 'json' || to.format === 'yaml') await printDocument(document, to);
  else to.terminal.say(printable(sentence));
}

function printTable(
  output: Output,
  { terminal, format }: { readonly terminal: Terminal; readonly format: 'table' | 'wide' },
): void {
  if (output.rows.length === 0) {
    terminal.say(output.whenEmpty);
    return;
  }
  const width = terminal.isPersonReading ? terminal.size().columns : Infinity;
  const { columns, rows, leavesOut } =
    format === 'wide' ? { ...output, leavesOut: 0 } : fitTable(output, width);
  for (const line of renderTable(columns, rows, terminal.outColors)) terminal.print(line);
  if (leavesOut === 0) return;
  const what = `${formatPlural(leavesOut, 'column')} did not fit: -o wide shows all`;
  terminal.say(terminal.errorColors.dim(what));
}
