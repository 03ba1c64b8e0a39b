import { isScalar } from 'yaml';
import type { FieldPath } from './field-path.ts';
import type { ReadDocument } from './read-document.ts';
import type { DocumentValue } from './read-value.ts';
import type { TextSource } from './text-source.ts';

/** How the text of a field stands in the document; undefined when the field is no text or comes from an alias. */
export function findTextSource(
  document: ReadDocument,
  value: DocumentValue,
  path: FieldPath,
): TextSource | undefined {
  const node = value.nodeAt(path);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined;
  const [start, end] = node.range;
  const raw = document.text.slice(start, end);
  const place = document.place(start, end);
  if (node.type === 'BLOCK_LITERAL') return blockSource(raw, node.value, place.line);
  if (raw === node.value) return { style: 'inline', ...place, indent: 0 };
  const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  if (isQuoted && raw.slice(1, -1) === node.value) {
    return {
      style: 'inline',
      ...place,
      column: place.column + 1,
      length: raw.length - 2,
      indent: 0,
    };
  }
  return { style: 'opaque', ...place, indent: 0 };
}

/** A header line (`|`, `|2`, `|-`), then the text's lines, all moved right alike. */
function blockSource(raw: string, text: string, headerLine: number): TextSource {
  const rawLines = raw.split('\n').slice(1);
  const textLines = text.split('\n');
  const filled = textLines.findIndex((line) => line.trim() !== '');
  const rawLine = (rawLines[Math.max(0, filled)] ?? '').replace(/\r$/, '');
  const indent = filled === -1 ? 0 : rawLine.length - textLines[filled]!.length;
  const length = (textLines[0] ?? '').length;
  return { style: 'block', line: headerLine + 1, column: indent + 1, length, indent };
}
