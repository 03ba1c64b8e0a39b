import type { Terminal } from '../terminal.ts';
import { renderTable, type Cell, type Column } from './table.ts';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

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
  switch (format) {
    case 'json':
      terminal.print(JSON.stringify(output.document, undefined, 2));
      return;
    case 'yaml': {
      const { stringify } = await import('yaml');
      terminal.print(stringify(output.document).trimEnd());
      return;
    }
    case 'table':
    case 'wide':
      printTable(output, { terminal, format });
  }
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
