import type { Colors } from '../terminal.ts';
import { cutTo, printable, widthOf } from './printable.ts';

export type Paint = (text: string) => string;

/** A cell of a table: text of any origin, with a colour for all of it. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

export type Column = { readonly title: string; readonly align?: 'left' | 'right' };

const GAP = '  ';

/** An aligned table with a dim header. Cells never break the line, whatever they hold. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  colors: Colors,
  width = Infinity,
): string[] {
  const header = columns.map((column) => ({ text: column.title, paint: colors.dim }));
  return renderRows(columns, [header, ...rows], width);
}

/** The rows of a table without header. With a `width`, what goes beyond it is cut. */
export function renderRows(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width = Infinity,
): string[] {
  const texts = rows.map((row) => columns.map((_, index) => printable(textOf(row[index]))));
  const widths = columns.map((_, index) =>
    texts.reduce((widest, row) => Math.max(widest, widthOf(row[index]!)), 0),
  );
  return rows.map((row, rowIndex) => {
    const cells = columns.map((column, index) => ({
      text: pad(texts[rowIndex]![index]!, widths[index]!, column.align ?? 'left'),
      paint: paintOf(row[index]),
    }));
    return joinCells(cells, width);
  });
}

/** How wide a table is with its header. */
export function tableWidth(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number {
  const lines = renderRows(columns, [columns.map(({ title }) => title), ...rows.map(unpainted)]);
  return lines.reduce((widest, line) => Math.max(widest, widthOf(line)), 0);
}

function unpainted(row: readonly Cell[]): readonly string[] {
  return row.map(textOf);
}

type PaintedText = { readonly text: string; readonly paint: Paint };

function joinCells(cells: readonly PaintedText[], width: number): string {
  const lastFilled = cells.findLastIndex((cell) => cell.text.trim() !== '');
  let line = '';
  let left = width;
  for (const [index, cell] of cells.slice(0, lastFilled + 1).entries()) {
    const text = cutTo(index === lastFilled ? cell.text.trimEnd() : cell.text, left);
    line += cell.paint(text);
    left -= widthOf(text) + GAP.length;
    if (index < lastFilled) line += GAP;
    if (left <= 0) break;
  }
  return line.trimEnd();
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const padding = ' '.repeat(width - widthOf(text));
  return align === 'right' ? padding + text : text + padding;
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell : cell.text;
}

function paintOf(cell: Cell | undefined): Paint {
  return cell === undefined || typeof cell === 'string' ? (text) => text : cell.paint;
}
