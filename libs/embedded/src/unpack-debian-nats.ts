import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FloeError } from '@floe/errors';
import { installExecutable } from './install-file.ts';

const run = promisify(execFile);

// The lists of packages have about 10 MB and the package 5 MB, over a slow line.
const APT_WITHIN_MS = 180_000;

/**
 * On Debian and its children: fetches the nats-server package and unpacks it below `toolsDir`, with nothing installed
 * and no root needed. The package lists of the machine are used when it has them, else private ones are fetched.
 */
export async function unpackDebianNats(options: {
  toolsDir: string;
  readonly report: (line: string) => void;
}): Promise<string> {
  const { toolsDir, report } = options;
  await requireApt();
  const scratch = join(toolsDir, `apt-${randomUUID()}`);
  await mkdir(scratch, { recursive: true });
  try {
    report('fetching the Debian package nats-server (once)');
    await downloadPackage(scratch).catch(async () => {
      report('fetching the lists of Debian packages (once)');
      await downloadPackage(scratch, await fetchPrivateLists(scratch));
    });
    return await unpackInto(toolsDir, scratch);
  } catch (cause) {
    throw new FloeError('TOOL_MISSING', `apt-get has no nats-server: ${lastLine(cause)}`, {
      cause,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function requireApt(): Promise<void> {
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb']) {
    await access(tool).catch((cause: unknown) => {
      throw new FloeError('TOOL_MISSING', `there is no ${tool}`, { cause });
    });
  }
}

async function downloadPackage(scratch: string, extra: readonly string[] = []): Promise<void> {
  // As root apt would drop to the account _apt, which may not write here, and say so; the option keeps it as it is.
  const args = ['-o', 'APT::Sandbox::User=root', ...extra, 'download', 'nats-server'];
  await run('apt-get', args, { cwd: scratch, timeout: APT_WITHIN_MS });
}

/** Options that keep everything apt writes in `scratch`, after fetching the lists there. */
async function fetchPrivateLists(scratch: string): Promise<string[]> {
  const lists = join(scratch, 'lists');
  const cache = join(scratch, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`];
  await run('apt-get', ['-o', 'APT::Sandbox::User=root', ...options, 'update'], {
    cwd: scratch,
    timeout: APT_WITHIN_MS,
  });
  return options;
}

async function unpackInto(toolsDir: string, scratch: string): Promise<string> {
  const archive = (await readdir(scratch)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('no package was downloaded');
  await run('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: scratch, timeout: APT_WITHIN_MS });
  const server = await readFile(join(scratch, 'unpacked', 'usr', 'sbin', 'nats-server')).catch(() =>
    readFile(join(scratch, 'unpacked', 'usr', 'bin', 'nats-server')),
  );
  const path = join(toolsDir, `nats-server-debian-${process.arch}`, 'nats-server');
  await installExecutable(path, server);
  return path;
}

function lastLine(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? error.stderr : undefined;
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
