/**
 * The version after this one, as far as it can be known: a copy of this checkout that says more than this one knows.
 *
 *   N1. Every message, at every depth, has a field that this version does not know, and so has what goes over NATS as JSON.
 *   N2. Its schema has more: columns in the tables of runs, and a table.
 *   N3. All else is as it is here. What is changed is found or it is an error: a change that is not made proves nothing.
 */
import { cp, mkdir, readFile, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assert } from '@floe/errors';

export const NEXT_VERSION = '999.0.0';
const NEXT_MIGRATION = '9000_next_version.sql';
const NEXT_SCHEMA = `alter table floe.run add column of_next_version text;
alter table floe.task_run add column of_next_version integer not null default 0;
alter table floe.attempt add column of_next_version boolean not null default false;
create table floe.next_version (run_id uuid primary key);
`;

const COPIED = ['apps', 'libs', 'migrations'];
const SERVICES = ['metadata', 'scheduler', 'reporting', 'gateway', 'executor'];
// Field 9999 with two bytes in it.
const UNKNOWN_FIELD = `writer.uint32(${(9_999 << 3) | 2}).string("no");`;
const ENCODE =
  /encode\(\s*(?:message|_): \w+,\s*writer: BinaryWriter = new BinaryWriter\(\),?\s*\): BinaryWriter \{/g;

/** Copies the checkout at `from` to the folder `to`, which is made. */
export async function makeNextVersion(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const folder of COPIED) {
    await cp(join(from, folder), join(to, folder), { recursive: true, filter: isSource });
  }
  await linkPackages(from, to);
  await writeFile(join(to, 'migrations', NEXT_MIGRATION), NEXT_SCHEMA);
  await sayMore(join(to, 'libs', 'rpc', 'src', 'generated'));
  await change(join(to, 'libs', 'bus', 'src', 'control.ts'), 'JSON.stringify({', MORE_JSON);
  await change(join(to, 'libs', 'bus', 'src', 'log-batch.ts'), 'JSON.stringify({', MORE_JSON);
  for (const service of SERVICES) {
    const manifest = join(to, 'apps', service, 'package.json');
    await change(manifest, '"version": "0.1.0"', `"version": "${NEXT_VERSION}"`);
  }
}

const MORE_JSON = 'JSON.stringify({ of_next_version: 1,';

/** Packages from elsewhere are linked; its own are those of the copy. */
async function linkPackages(from: string, to: string): Promise<void> {
  const [source, target] = [join(from, 'node_modules'), join(to, 'node_modules')];
  await mkdir(join(target, '@floe'), { recursive: true });
  const others = (await readdir(source)).filter((name) => name !== '@floe');
  await Promise.all(others.map((name) => symlink(join(source, name), join(target, name))));
  const own = await readdir(join(source, '@floe'));
  await Promise.all(
    own.map(async (name) =>
      symlink(await readlink(join(source, '@floe', name)), join(target, '@floe', name)),
    ),
  );
  await linkNested(from, to);
}

/** Packages that only one of the workspaces has in another version. */
async function linkNested(from: string, to: string): Promise<void> {
  for (const folder of ['apps', 'libs']) {
    for (const name of await readdir(join(from, folder))) {
      const nested = join(from, folder, name, 'node_modules');
      const names = await readdir(nested).catch(() => []);
      if (names.length > 0) await symlink(nested, join(to, folder, name, 'node_modules'));
    }
  }
}

async function sayMore(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  let messages = 0;
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    const more = text.replace(ENCODE, (found) => {
      messages += 1;
      return `${found} ${UNKNOWN_FIELD}`;
    });
    if (more !== text) await writeFile(file, more);
  }
  assert(messages > 0, 'the generated messages are written by functions of the known form');
}

/** N3 */
async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  assert(text.includes(from), `${file} has: ${from}`);
  await writeFile(file, text.replaceAll(from, to));
}

function isSource(path: string): boolean {
  return !['node_modules', 'test'].includes(basename(path));
}
