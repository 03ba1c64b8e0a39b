import { FloeError } from '@floe/errors';

// POSIX.1-2017, pax "ustar interchange format": headers and contents fill whole blocks of this size.
const BLOCK_BYTES = 512;

/**
 * The content of the regular file in a tar archive whose path ends with `/${name}` (or is it), or undefined. Reads
 * only the fields that this needs: name (offset 0, 100 bytes), size (124, octal), type (156).
 */
export function readTarFile(archive: Buffer, name: string): Buffer | undefined {
  let offset = 0;
  while (offset + BLOCK_BYTES <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK_BYTES);
    const path = text(header, 0, 100);
    if (path === '') return undefined;
    const size = Number.parseInt(text(header, 124, 12).trim(), 8);
    const start = offset + BLOCK_BYTES;
    if (!Number.isSafeInteger(size) || start + size > archive.length) {
      throw new FloeError('TOOL_MISSING', 'the archive is broken: a file in it has no proper size');
    }
    const isRegular = header[156] === 0 || header[156] === '0'.charCodeAt(0);
    if (isRegular && (path === name || path.endsWith(`/${name}`))) {
      return archive.subarray(start, start + size);
    }
    offset = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return undefined;
}

function text(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end);
}
