/**
 * Paths of files that tasks read and write.
 *
 *   F1. Nothing outside of the folder of FLOE_FILES_DIR is read or written, also not through `..` or a link.
 *   F2. The value of a parameter is a part of one name: it brings no separator and no pattern.
 */
import { glob, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { FloeError } from '@floe/errors';
import { asItIs, fillText, type Parameters, type WriteValue, wrongValue } from './fill-text.ts';
import type { TaskContext } from './runner.ts';

// One task that reads more is a task for a table.
const FILES_MAX = 10_000;
/** What a load has not put in place yet. */
const BEING_WRITTEN = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+\.partial$/;
const PLAIN_VALUE = /^[\p{L}\p{N} _.:+@=-]{1,200}$/u;

/** The pattern or path with the values of its parameters. Errors: PARAMETER_INVALID. */
export function fillPath(text: string, params: Parameters): string {
  return fillText(text, params, plainText);
}

/** F2 */
const plainText: WriteValue = (value, name) => {
  const text = asItIs(value, name);
  if (PLAIN_VALUE.test(text) && !/^\.+$/.test(text)) return text;
  const hint = 'It needs letters, digits, blanks or any of _ . : + @ = -';
  throw wrongValue(name, "cannot be a part of a file's name", hint);
};

/** The files that a pattern names, in the order of their names. Errors: FILE_NOT_FOUND, FILE_FORBIDDEN, LIMIT_EXCEEDED. */
export async function findFiles(context: TaskContext, pattern: string): Promise<readonly string[]> {
  const folder = await filesFolder(context);
  requireInside(folder, resolve(folder, pattern), pattern);
  const found: string[] = [];
  for await (const entry of glob(relative(folder, resolve(folder, pattern)), {
    cwd: folder,
    withFileTypes: true,
  })) {
    if (entry.isDirectory() || BEING_WRITTEN.test(entry.name)) continue;
    if (found.length >= FILES_MAX)
      throw new FloeError('LIMIT_EXCEEDED', `more than ${FILES_MAX} files fit ${pattern}`, {
        hint: 'Narrow the pattern, or read the files with several tasks.',
      });
    found.push(await regularFile(folder, join(entry.parentPath, entry.name), pattern));
  }
  if (found.length > 0) return found.sort();
  throw new FloeError('FILE_NOT_FOUND', `no file fits ${pattern} in the executor's files folder`, {
    details: { path: pattern },
    hint: 'Paths count from the folder of FLOE_FILES_DIR.',
  });
}

/** What a link leads to has to be there, inside, and a file: opening a pipe would wait for whoever writes into it. */
async function regularFile(folder: string, name: string, pattern: string): Promise<string> {
  const path = await realpath(name).catch((thrown: unknown) => {
    throw new FloeError('FILE_NOT_FOUND', `${name} is a link that leads to no file`, {
      cause: thrown,
      details: { path: pattern },
    });
  });
  requireInside(folder, path, pattern);
  if ((await stat(path)).isFile()) return path;
  throw new FloeError('FILE_INVALID', `${name} is a pipe, a device or a socket, and no file`, {
    details: { file: name },
  });
}

/** Where a file may be written; its folder is there. Errors: FILE_NOT_FOUND (no such folder), FILE_FORBIDDEN. */
export async function placeForFile(context: TaskContext, path: string): Promise<string> {
  const folder = await filesFolder(context);
  const wanted = resolve(folder, path);
  requireInside(folder, wanted, path);
  const parent = await realpath(dirname(wanted)).catch((error: unknown) => {
    throw new FloeError('FILE_NOT_FOUND', `the folder of ${path} is not there`, {
      cause: error,
      details: { path },
      hint: 'Make it first; Floe makes no folders among your files.',
    });
  });
  requireInside(folder, parent, path);
  return join(parent, wanted.slice(dirname(wanted).length + 1));
}

/** What a file is called from the folder of files on, on every host alike. */
export async function nameInFolder(context: TaskContext): Promise<(path: string) => string> {
  const folder = await filesFolder(context);
  return (path) => relative(folder, path);
}

async function filesFolder({ filesDir }: TaskContext): Promise<string> {
  if (filesDir === undefined)
    throw new FloeError('FILE_FORBIDDEN', 'this executor has no folder for files', {
      hint: 'Set FLOE_FILES_DIR of the executor to the folder in which tasks may read and write.',
    });
  return realpath(filesDir);
}

/** F1 */
function requireInside(folder: string, path: string, asked: string): void {
  const inside = relative(folder, path);
  if (inside === '' || (!isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`)))
    return;
  throw new FloeError('FILE_FORBIDDEN', `${asked} leads out of the executor's files folder`, {
    details: { path: asked },
    hint: 'Only files below FLOE_FILES_DIR can be read and written.',
  });
}
