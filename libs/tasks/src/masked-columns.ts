import type { DatasetPreview } from '@floe/frame';

/** What stands in the place of a value that nobody is shown. */
export const MASK = '***';

// Names that people give to what nobody should read over their shoulder.
const SECRET_NAME = /passw(or)?d|secret|token|api_?key|private_?key|credential/i;

/** True for a column that the document masks, and for one whose name speaks of a secret. */
export function isMaskedColumn(name: string, masked: ReadonlySet<string>): boolean {
  return masked.has(name) || SECRET_NAME.test(name);
}

/** The preview with nothing of the masked columns in it. */
export function maskPreview(preview: DatasetPreview, masked: ReadonlySet<string>): DatasetPreview {
  const isMasked = preview.schema.map(({ name }) => isMaskedColumn(name, masked));
  if (!isMasked.includes(true)) return preview;
  const rows = preview.rows.map((row) =>
    row.map((value, index) => (isMasked[index] ? MASK : value)),
  );
  return { ...preview, rows };
}
