/** What the bytes at both ends of a file say against its name, before Polars reads it. */
import { isAscii } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { type FileCompression, type FileFormat, formatOfName } from './file-format.ts';

/** The first bytes of packed files (RFC 1952, RFC 8878). */
const PACKED: Readonly<Record<Exclude<FileCompression, 'none'>, Buffer>> = {
  gzip: Buffer.from('1f8b', 'hex'),
  zstd: Buffer.from('28b52ffd', 'hex'),
};

/** What whole files of the format begin and end with. */
const FRAMED: Readonly<Partial<Record<FileFormat, { name: string; mark: Buffer }>>> = {
  parquet: { name: 'Parquet', mark: Buffer.from('PAR1') },
  arrow: { name: 'Arrow', mark: Buffer.from('ARROW1') },
};

/** The marks that UTF-16 begins with. */
const UTF_16 = [Buffer.from('fffe', 'hex'), Buffer.from('feff', 'hex')];

const BYTE_ORDER_MARK = Buffer.from('efbbbf', 'hex');

/** By first bytes, in Latin-1; the first that fits. Words and not the bytes: these may be anybody's secret. */
const LOOKS: readonly (readonly [begins: string, like: string])[] = [
  ['PAR1', 'Parquet'],
  ['ARROW1', 'an Arrow file'],
  ['\xff\xff\xff\xff', 'an Arrow stream, which is another format than an Arrow file'],
  ['FEA1', 'Feather 1, which Arrow has replaced'],
  ['\x1f\x8b', 'something packed by gzip'],
  ['\x28\xb5\x2f\xfd', 'something packed by zstd'],
  ['PK\x03\x04', 'a zip archive'],
  ['<', 'HTML or XML'],
  ['{', 'JSON'],
  ['[', 'JSON'],
];
const LOOKED_AT_BYTES = 16;

/**
 * A file whose ending says that it is packed has to be: Polars looks at the bytes alone and would read the start of a
 * broken download as text. Parquet and Arrow files say at their end whether they are whole. Errors: FILE_INVALID.
 */
export async function requireBeginning(path: string, format: FileFormat): Promise<void> {
  const { compression } = formatOfName(path);
  await using file = await openFile(path);
  const { size } = await file.stat();
  const bytesAt = async (at: number) => {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LOOKED_AT_BYTES), 0, undefined, at);
    return buffer.subarray(0, bytesRead);
  };
  const first = await bytesAt(0);
  if (compression !== 'none' && !beginsWith(first, PACKED[compression]))
    throw notPacked(path, compression);
  if (UTF_16.some((mark) => beginsWith(first, mark))) throw isUtf16(path);
  if (format === 'ndjson' && beginsWith(first, BYTE_ORDER_MARK)) throw isMarked(path);
  const framed = FRAMED[format];
  if (framed === undefined) return;
  if (!beginsWith(first, framed.mark)) throw otherFormat(path, framed.name, first);
  const last = await bytesAt(Math.max(0, size - framed.mark.length));
  if (size < 2 * framed.mark.length || !last.equals(framed.mark))
    throw cutOff(path, framed.name, size);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const reason = code === 'EACCES' ? 'the user of the executor may not read it' : code;
    throw new FloeError('FILE_INVALID', `${path} cannot be opened: ${reason}`, {
      cause: thrown,
      details: { file: path },
      hint: 'Let the user that runs the executor read it.',
    });
  }
}

const beginsWith = (bytes: Buffer, mark: Buffer) => bytes.subarray(0, mark.length).equals(mark);

function notPacked(path: string, compression: FileCompression): FloeError {
  return new FloeError(
    'FILE_INVALID',
    `${path} is not packed by ${compression}, as its ending says`,
    {
      details: { file: path },
      hint: 'Was it unpacked, or replaced by an error page? Name it without the ending, or fetch it again.',
    },
  );
}

function isUtf16(path: string): FloeError {
  return new FloeError('FILE_INVALID', `${path} is UTF-16, and text files have to be UTF-8`, {
    details: { file: path },
    hint: 'Convert it: iconv -f UTF-16 -t UTF-8.',
  });
}

function isMarked(path: string): FloeError {
  return new FloeError('FILE_INVALID', `${path} begins with a byte order mark, as no JSON may`, {
    details: { file: path },
    hint: "Remove it: sed -i '1s/^\\xEF\\xBB\\xBF//'.",
  });
}

function otherFormat(path: string, name: string, first: Buffer): FloeError {
  const text = first.toString('latin1').trimStart();
  const like =
    LOOKS.find(([begins]) => text.startsWith(begins))?.[1] ??
    (isAscii(first) ? 'plain text' : undefined);
  const but = like === undefined ? '' : `: it looks like ${like}`;
  const reason = first.length === 0 ? 'it is empty' : `it is no ${name} file${but}`;
  return new FloeError('FILE_INVALID', `${path} cannot be read: ${reason}`, {
    details: { file: path },
    hint: 'Say what it is with `format`, or fetch it again.',
  });
}

function cutOff(path: string, name: string, bytes: number): FloeError {
  const message = `${path} is cut off: it begins as ${name} and breaks off after ${bytes} bytes`;
  return new FloeError('FILE_INVALID', message, {
    details: { file: path },
    hint: 'Fetch it again, and read it when whoever writes it is done.',
  });
}
