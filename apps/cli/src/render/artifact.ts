import type { Artifact } from '@floe/client';
import type { Terminal } from '../terminal.ts';
import { formatCount } from './amounts.ts';
import { cutTo } from './printable.ts';
import { renderTable, type Cell } from './table.ts';

// As many rows as a terminal shows at once; the JSON has all.
const ROWS_SHOWN = 20;
// Wider tables wrap and nobody reads them.
const COLUMNS_SHOWN = 12;
const CELL_WIDTH = 32;

export type ShownArtifact = Artifact & { readonly content: unknown };

type Preview = {
  readonly rows: string | number;
  readonly profiledRows: number;
  readonly columns: readonly ColumnFacts[];
  readonly preview: readonly (readonly unknown[])[];
  readonly parts?: { readonly shown: number; readonly of: number };
};
type ColumnFacts = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly masked: boolean;
};
type Finding = {
  readonly rule: string;
  readonly passed: boolean;
  readonly found: string;
  readonly severity: string;
  /** The first rows that break the rule. */
  readonly failing?: {
    readonly schema: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
  };
};

/** An artifact as a person reads it in a terminal. */
export function printArtifact(artifact: ShownArtifact, terminal: Terminal): void {
  terminal.say(terminal.errorColors.bold(`${artifact.taskId}: ${artifact.title}`));
  if (artifact.kind === 'preview') return printPreview(artifact.content as Preview, terminal);
  if (artifact.kind === 'check')
    return printFindings(artifact.content as readonly Finding[], terminal);
  terminal.print(
    typeof artifact.content === 'string' ? artifact.content : JSON.stringify(artifact.content),
  );
}

function printPreview(preview: Preview, terminal: Terminal): void {
  printRows({ ...preview, count: Number(preview.rows), rows: preview.preview }, terminal);
  if (preview.columns.length === 0 || preview.profiledRows === 0) return;
  printStatistics(preview, terminal);
}

type Rows = {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** How many there are, those that are not kept included. */
  readonly count: number;
};

function printRows({ columns, rows, count }: Rows, terminal: Terminal): void {
  const titles = columns.slice(0, COLUMNS_SHOWN).map(({ name }) => ({ title: name }));
  const shown = rows.slice(0, ROWS_SHOWN);
  const cells = shown.map((row) => titles.map((_, index) => toCell(row[index])));
  for (const line of renderTable(titles, cells, terminal.outColors)) terminal.print(line);
  const hidden = columns.length - titles.length;
  const more = hidden > 0 ? `, ${hidden} more columns` : '';
  terminal.say(`${shown.length} of ${formatCount(String(count))} rows${more}`);
}

const MEASURES = ['nulls', 'distinct', 'min', 'max', 'mean'] as const;

function printStatistics(preview: Preview, terminal: Terminal): void {
  const titles = [{ title: 'column' }, ...MEASURES.map((title) => ({ title }))];
  const rows = preview.columns.map((column): Cell[] => [
    column.masked ? `${column.name} (masked)` : column.name,
    ...MEASURES.map((measure) => toMeasure(column, measure)),
  ]);
  terminal.print('');
  for (const line of renderTable(titles, rows, terminal.outColors)) terminal.print(line);
  const { parts, profiledRows } = preview;
  const each = parts === undefined ? '' : ' of each part, together';
  if (profiledRows < Number(preview.rows))
    terminal.say(`Statistics are of the first ${formatCount(String(profiledRows))} rows${each}.`);
  if (parts !== undefined && parts.shown < parts.of)
    terminal.say(
      `This is of ${parts.shown} of ${parts.of} parts: of the others there is no preview.`,
    );
}

/** Distinct values of several parts are known to be at least as many as those of one. */
function toMeasure(column: ColumnFacts, measure: string): string {
  if (measure in column) return toCell(column[measure]);
  const least = column['distinctAtLeast'];
  return measure === 'distinct' && least !== undefined ? `≥ ${toCell(least)}` : '';
}

function printFindings(findings: readonly Finding[], terminal: Terminal): void {
  const { green, red, yellow } = terminal.outColors;
  const rows = findings.map(({ passed, rule, found, severity }): Cell[] => [
    passed
      ? { text: '✓', paint: green }
      : severity === 'warn'
        ? { text: '!', paint: yellow }
        : { text: '✗', paint: red },
    rule,
    found,
  ]);
  const titles = [{ title: '' }, { title: 'rule' }, { title: 'found' }];
  for (const line of renderTable(titles, rows, terminal.outColors)) terminal.print(line);
  for (const { failing, rule } of findings) {
    if (failing === undefined) continue;
    const { schema: columns, rows: kept } = failing;
    terminal.print('');
    terminal.say(terminal.errorColors.bold(`Rows that break ${rule}`));
    printRows({ columns, rows: kept, count: kept.length }, terminal);
  }
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutTo(text, CELL_WIDTH);
}
