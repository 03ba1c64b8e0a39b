import { FILE_FORMATS, type FileFormat, formatOfName } from '@floe/frame/files';
import { z } from 'zod';

// Longer than any file system takes.
const PATH_LENGTH_MAX = 1_000;

export const pathField = () => z.string().min(1).max(PATH_LENGTH_MAX);

export const formatField = () =>
  z
    .enum(FILE_FORMATS)
    .optional()
    .describe('csv, parquet, ndjson or arrow; by the ending of the path when absent.');

export const separatorField = () =>
  z
    .string()
    .regex(/^[\t\x20-\x7e]$/, 'wanted one ASCII character')
    .refine((text) => text !== '"', { error: 'a quote cannot stand between fields' })
    .optional()
    .describe('Between the fields of a CSV line; a comma when absent.');

/** The format that is said, or that the name says; undefined when neither says one. */
export function formatOf(path: string, said: FileFormat | undefined): FileFormat | undefined {
  return said ?? formatOfName(path).format;
}

type FileConfig = { readonly path: string; readonly format?: FileFormat | undefined };

/** A path whose ending says nothing needs `format`. */
export function requireFormat(value: FileConfig, context: z.core.$RefinementCtx): void {
  if (formatOf(value.path, value.format) !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['format'],
    message: 'the ending of the path says no format',
    params: { hint: `Write \`format:\` with one of ${FILE_FORMATS.join(', ')}.` },
  });
}
