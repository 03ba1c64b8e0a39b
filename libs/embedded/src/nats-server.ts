import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import type { ChildSpec } from './child-process.ts';

export type NatsOptions = {
  readonly binary: string;
  readonly port: number;
  /** Where JetStream keeps its streams. */
  readonly storeDir: string;
  readonly configFile: string;
  readonly logFile: string;
  /** Which server this is: a probe that reaches another one on the port sees another name. */
  readonly serverName: string;
};

// Starting is a matter of milliseconds; a large store is read first.
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
// The version is printed at once; a binary that hangs is broken.
const VERSION_WITHIN_MS = 5_000;
// Loopback answers at once or not at all.
const PROBE_WITHIN_MS = 500;
// The greeting is one line of about 400 bytes.
const GREETING_BYTES_MAX = 16_384;

/** How to start nats-server with JetStream on a port of loopback. Writes its configuration. */
export async function natsSpec(options: NatsOptions): Promise<ChildSpec> {
  const version = await readNatsVersion(options.binary);
  await writeFile(options.configFile, natsConfig(options, version), { mode: 0o600 });
  return {
    name: 'nats',
    command: options.binary,
    args: ['--config', options.configFile],
    env: { PATH: process.env['PATH'] },
    cwd: '/',
    logFile: options.logFile,
    readiness: { kind: 'probe', isReady: () => answersAs(options.serverName, options.port) },
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
    stopWithinMs: STOP_WITHIN_MS,
  };
}

/** Like `[2, 9, 10]`, from `nats-server: v2.9.10`. */
export async function readNatsVersion(binary: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)(binary, ['--version'], {
    timeout: VERSION_WITHIN_MS,
  });
  const match = /v(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  return match ? match.slice(1).map(Number) : [0, 0, 0];
}

/** The configuration as nats-server reads it; strings are quoted as JSON, which its format takes. */
export function natsConfig(options: NatsOptions, version: readonly number[]): string {
  const [major = 0, minor = 0] = version;
  const canSyncAlways = major > 2 || (major === 2 && minor >= 10);
  return [
    `server_name: ${JSON.stringify(options.serverName)}`,
    `listen: "127.0.0.1:${options.port}"`,
    'max_payload: 1MB',
    'jetstream {',
    `  store_dir: ${JSON.stringify(options.storeDir)}`,
    // An acknowledged message survives a power cut. Servers before 2.10 do not know the word and would not start.
    ...(canSyncAlways ? ['  sync_interval: always'] : []),
    '}',
    '',
  ].join('\n');
}

/** nats-server greets every connection with a line `INFO {json}`. */
function answersAs(serverName: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let greeting = '';
    const socket = createConnection({ host: '127.0.0.1', port });
    const answer = (isReady: boolean) => {
      socket.destroy();
      resolve(isReady);
    };
    socket.setTimeout(PROBE_WITHIN_MS, () => answer(false));
    socket.on('error', () => answer(false));
    socket.on('close', () => answer(false));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      greeting += text;
      if (greeting.includes('\n')) answer(isReadyGreeting(greeting, serverName));
      else if (greeting.length > GREETING_BYTES_MAX) answer(false);
    });
  });
}

function isReadyGreeting(greeting: string, serverName: string): boolean {
  const line = greeting.slice(0, greeting.indexOf('\n'));
  if (!line.startsWith('INFO ')) return false;
  try {
    const info: { server_name?: string; jetstream?: boolean } = JSON.parse(
      line.slice('INFO '.length),
    );
    return info.server_name === serverName && info.jetstream === true;
  } catch {
    // Whatever this is, it is not our nats-server.
    return false;
  }
}
