import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FloeError } from '@floe/errors';
import { installExecutable } from './install-file.ts';
import { natsReleaseName } from './nats-releases.ts';
import { readTarFile } from './read-tar.ts';

export type FetchOptions = {
  readonly toolsDir: string;
  /** The address of the folder with the files of the release. */
  readonly releaseUrl: string;
  readonly report: (line: string) => void;
};

// A closed network drops packets without a word; a person should not wait long for the next way to be tried.
const ANSWER_WITHIN_MS = 5_000;
// 8 MB over a slow line.
const DOWNLOAD_WITHIN_MS = 300_000;
// The archive has about 8 MB; ten times that is something else.
const ARCHIVE_BYTES_MAX = 80_000_000;
// The unpacked server has about 20 MB.
const UNPACKED_BYTES_MAX = 300_000_000;
// A line of progress is for a person who waits.
const REPORT_EVERY_BYTES = 2_000_000;

/** Downloads the official archive for this machine, verifies it and unpacks the server. Returns its path. */
export async function fetchNatsRelease(options: FetchOptions): Promise<string> {
  const { toolsDir, releaseUrl, report } = options;
  const name = natsReleaseName(process.platform, process.arch);
  if (name === undefined) {
    throw new FloeError(
      'TOOL_MISSING',
      `there is no release for ${process.platform} ${process.arch}`,
    );
  }
  const file = `${name}.tar.gz`;
  const expected = findChecksum(await download(`${releaseUrl}/SHA256SUMS`), file);
  report(`fetching ${file} (once)`);
  const archive = await download(`${releaseUrl}/${file}`, report);
  verify(archive, { file, expected });
  const server = readTarFile(unpack(archive, file), 'nats-server');
  if (!server) throw new FloeError('TOOL_MISSING', `${file} has no nats-server in it`);
  const path = join(toolsDir, name, 'nats-server');
  await installExecutable(path, server);
  return path;
}

/** A line of SHA256SUMS is `<64 hex digits>  <file>`, as sha256sum writes it. */
function findChecksum(list: Buffer, file: string): string {
  for (const line of list.toString('utf8').split('\n')) {
    const [checksum, name] = line.trim().split(/\s+\*?/);
    if (name === file && checksum && /^[0-9a-f]{64}$/.test(checksum)) return checksum;
  }
  throw new FloeError('TOOL_MISSING', `the checksums of the release do not list ${file}`);
}

function verify(archive: Buffer, options: { file: string; expected: string }): void {
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual === options.expected) return;
  throw new FloeError(
    'TOOL_MISSING',
    `${options.file} was refused: its SHA-256 is ${actual}, the release says ${options.expected}`,
  );
}

function unpack(archive: Buffer, file: string): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (cause) {
    throw new FloeError('TOOL_MISSING', `${file} cannot be unpacked`, { cause });
  }
}

async function download(url: string, report?: (line: string) => void): Promise<Buffer> {
  const response = await request(url);
  if (!response.ok || !response.body) {
    throw new FloeError('TOOL_MISSING', `${url} answers ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let reportAt = REPORT_EVERY_BYTES;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > ARCHIVE_BYTES_MAX) throw new FloeError('TOOL_MISSING', `${url} is too large`);
    if (bytes >= reportAt) {
      report?.(`fetched ${Math.floor(bytes / 1_000_000)} MB of nats-server`);
      reportAt += REPORT_EVERY_BYTES;
    }
  }
  return Buffer.concat(chunks);
}

/** The first byte must come soon; the rest may take its time. */
async function request(url: string): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), ANSWER_WITHIN_MS);
  try {
    const signal = AbortSignal.any([silence.signal, AbortSignal.timeout(DOWNLOAD_WITHIN_MS)]);
    return await fetch(url, { signal });
  } catch (cause) {
    throw new FloeError('TOOL_MISSING', `${new URL(url).host} cannot be reached`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
