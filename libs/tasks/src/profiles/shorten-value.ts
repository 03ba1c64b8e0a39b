/** Values as people are shown them: a look, and not the text, the list or the document itself. */
import type { PreviewValue } from '@floe/frame';
import { isMaskedColumn, MASK } from '../masked-columns.ts';

const TEXT_LENGTH_MAX = 200;
const ITEMS_MAX = 20;
const FIELDS_MAX = 50;
// What is nested deeper has been shown often enough.
const DEPTH_MAX = 4;

/** Fields of structs whose names are masked, or speak of a secret, are masked like columns. */
export function shortenValue(
  value: PreviewValue,
  masked: ReadonlySet<string>,
  depth = 0,
): PreviewValue {
  if (typeof value === 'string')
    return value.length <= TEXT_LENGTH_MAX ? value : `${value.slice(0, TEXT_LENGTH_MAX)}…`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '…';
  if (isList(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => shortenValue(item, masked, depth + 1));
    return value.length <= ITEMS_MAX ? items : [...items, `… ${value.length - ITEMS_MAX} more`];
  }
  const fields = Object.entries(value).slice(0, FIELDS_MAX);
  const shown = fields.map(([name, field]) => {
    const isHidden = field !== null && isMaskedColumn(name, masked);
    return [name, isHidden ? MASK : shortenValue(field, masked, depth + 1)];
  });
  return Object.fromEntries(shown) as PreviewValue;
}

const isList = (value: PreviewValue): value is readonly PreviewValue[] => Array.isArray(value);
