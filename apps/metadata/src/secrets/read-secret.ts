import { readFile, stat } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { SECRET_FILE_BYTES_MAX } from '../limits.ts';

const REFERENCE = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/.{1,1000})$/;

/** True for `env:NAME` and `file:/absolute/path`. */
export function isSecretReference(text: string): boolean {
  return REFERENCE.test(text) && !text.includes('\u0000');
}

/** Reads a secret now; the last line break of a file is not part of it. Throws SECRET_UNAVAILABLE, never the value. */
export async function readSecret(reference: string): Promise<string> {
  if (reference === '') return '';
  const colon = reference.indexOf(':');
  const [kind, place] = [reference.slice(0, colon), reference.slice(colon + 1)];
  return kind === 'env' ? readVariable(place) : readSecretFile(place);
}

function readVariable(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new FloeError(
    'SECRET_UNAVAILABLE',
    `the environment variable ${name} is not set for the metadata service`,
    {
      hint: `Set ${name} where floe-metadata runs, or give the connection another secret reference.`,
    },
  );
}

async function readSecretFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > SECRET_FILE_BYTES_MAX) throw new Error(`the file has ${size} bytes`);
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new FloeError(
      'SECRET_UNAVAILABLE',
      `the secret file ${path} cannot be read by the metadata service`,
      {
        cause: error,
        hint: 'It must exist, be readable for the user of floe-metadata, and hold the password alone.',
      },
    );
  }
}
