import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ensureNatsServer } from '../src/ensure-nats-server.ts';
import { fetchNatsRelease } from '../src/fetch-nats-release.ts';
import { natsReleaseName } from '../src/nats-releases.ts';
import { makeScratch } from './scratch.ts';

const NAME = natsReleaseName(process.platform, process.arch)!;
const CONTENT = '#!/bin/sh\necho "nats-server: v2.12.3"\n';

/** One file of a tar archive: its header block and its content, filled up to whole blocks. */
function tarEntry(path: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

function archive(): Buffer {
  const files = [
    tarEntry(`${NAME}/`, '', '5'),
    tarEntry(`${NAME}/README.md`, 'x'.repeat(700)),
    tarEntry(`${NAME}/nats-server`, CONTENT),
  ];
  return gzipSync(Buffer.concat([...files, Buffer.alloc(1024)]));
}

/** A server with the files of a release; `files` by name. */
async function serveRelease(files: Record<string, string | Buffer>) {
  const server = createServer((request, response) => {
    const file = files[(request.url ?? '').slice(1)];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    releaseUrl: `http://127.0.0.1:${port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

function checksumOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

test('the release is fetched, verified and unpacked, and found the next time', async () => {
  await using scratch = await makeScratch();
  const file = archive();
  using server = await serveRelease({
    SHA256SUMS: `${'0'.repeat(64)}  another.zip\n${checksumOf(file)}  ${NAME}.tar.gz\n`,
    [`${NAME}.tar.gz`]: file,
  });
  const lines: string[] = [];
  const options = {
    toolsDir: scratch.folder,
    report: (line: string) => lines.push(line),
    releaseUrl: server.releaseUrl,
  };
  const path = await fetchNatsRelease(options);
  expect(await readFile(path, 'utf8')).toBe(CONTENT);
  expect(lines).toEqual([`fetching ${NAME}.tar.gz (once)`]);
  const closed = { ...options, releaseUrl: 'http://127.0.0.1:1', searchPath: '' };
  expect(await ensureNatsServer(closed)).toBe(path);
});

test('an archive with another checksum is refused and nothing is kept', async () => {
  await using scratch = await makeScratch();
  using server = await serveRelease({
    SHA256SUMS: `${'0'.repeat(64)}  ${NAME}.tar.gz\n`,
    [`${NAME}.tar.gz`]: archive(),
  });
  const toolsDir = join(scratch.folder, 'tools');
  await expect(
    fetchNatsRelease({ toolsDir, report: () => undefined, releaseUrl: server.releaseUrl }),
  ).rejects.toMatchObject({
    code: 'TOOL_MISSING',
    message: expect.stringContaining('was refused'),
  });
  await expect(readFile(join(toolsDir, NAME, 'nats-server'))).rejects.toThrow('ENOENT');
});

test('a release without this machine’s archive is said so', async () => {
  await using scratch = await makeScratch();
  using server = await serveRelease({ SHA256SUMS: '' });
  await expect(
    fetchNatsRelease({
      toolsDir: scratch.folder,
      report: () => undefined,
      releaseUrl: server.releaseUrl,
    }),
  ).rejects.toThrow(`do not list ${NAME}.tar.gz`);
});

test('the one in PATH comes first', async () => {
  await using scratch = await makeScratch();
  const path = join(scratch.folder, 'bin', 'nats-server');
  await mkdir(dirname(path));
  await writeFile(path, CONTENT);
  await chmod(path, 0o755);
  const found = await ensureNatsServer({
    toolsDir: scratch.folder,
    report: () => undefined,
    searchPath: `/nowhere:${dirname(path)}`,
  });
  expect(found).toBe(path);
});
