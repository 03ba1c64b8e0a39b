import { open } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { formatOfName, type FileCompression } from './file-format.ts';

/** The first bytes of packed files (RFC 1952, RFC 8878). */
const MAGIC: Readonly<Record<Exclude<FileCompression, 'none'>, Buffer>> = {
  gzip: Buffer.from('1f8b', 'hex'),
  zstd: Buffer.from('28b52ffd', 'hex'),
};

/**
 * A file whose ending says that it is packed has to be: Polars looks at the bytes alone and would read the start of a
 * broken download as text. Errors: FILE_INVALID.
 */
export async function requirePacking(path: string): Promise<void> {
  const { compression } = formatOfName(path);
  if (compression === 'none') return;
  const magic = MAGIC[compression];
  await using file = await open(path, 'r');
  const { bytesRead, buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
  if (buffer.subarray(0, bytesRead).equals(magic)) return;
  throw new FloeError(
    'FILE_INVALID',
    `${path} is not packed by ${compression}, as its ending says`,
    {
      details: { file: path },
      hint: 'Was it unpacked, or replaced by an error page? Name it without the ending, or fetch it again.',
    },
  );
}
