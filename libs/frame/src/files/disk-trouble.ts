/** Why a file cannot be written, from what Node or Polars says of it. */
import { FloeError, saidOf } from '@floe/errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file is larger than the file system allows',
  EACCES: 'the folder may not be written',
  EROFS: 'the file system is read-only',
};

/** Numbers of Linux and macOS that only a write meets; Polars tells them within its text. */
const NUMBERS: Readonly<Record<string, string>> = {
  '27': 'EFBIG',
  '28': 'ENOSPC',
  '30': 'EROFS',
  '69': 'EDQUOT',
  '122': 'EDQUOT',
};

export type DiskTrouble = { readonly errno: string; readonly reason: string };

/** Undefined where nothing says that the disk is to blame. */
export function diskTrouble(thrown: unknown): DiskTrouble | undefined {
  const errno = errnoOf(thrown);
  const reason = REASONS[errno];
  return reason === undefined ? undefined : { errno, reason };
}

export function errnoOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  const { code } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && code in REASONS) return code;
  const number = /\(os error (\d+)\)/.exec(thrown.message)?.[1] ?? '';
  return NUMBERS[number] ?? code ?? '';
}

/** A dataset that cannot be written, whoever writes it. */
export function notStored(path: string, thrown: unknown): FloeError {
  const said = saidOf(thrown);
  const reason = diskTrouble(thrown)?.reason ?? said;
  return new FloeError(
    'DATASET_STORE_UNAVAILABLE',
    `the dataset ${path} cannot be written: ${reason}`,
    {
      cause: thrown,
      details: { errno: errnoOf(thrown) },
      hint: 'make room in the folder of datasets, or give the executor another one',
    },
  );
}

/** What is written beside a dataset. Errors: DATASET_STORE_UNAVAILABLE where the disk is to blame; others stay what they are. */
export async function toldOfDisk<Result>(
  path: string,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    throw diskTrouble(thrown) === undefined ? thrown : notStored(path, thrown);
  }
}
