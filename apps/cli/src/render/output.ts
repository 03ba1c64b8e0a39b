import type { Terminal } from '../terminal.ts';
import { printable } from './printable.ts';
import { renderTable, type Cell, type Column } from './table.ts';

export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml';

/** What a command has to show: the document for programs, and how it looks as a table. */
export type Output = {
  /** As the API gives it: camel case, 64-bit integers as text. */
  readonly document: unknown;
  readonly columns: readonly (Column & { /** Only in `wide`. */ readonly isWide?: boolean })[];
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
  const isShown = (_: unknown, index: number) =>
    format === 'wide' || output.columns[index]?.isWide !== true;
  const columns = output.columns.filter(isShown);
  const rows = output.rows.map((row) => row.filter(isShown));
  for (const line of renderTable(columns, rows, terminal.outColors)) terminal.print(line);
}
