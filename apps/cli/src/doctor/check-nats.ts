import { createConnection } from 'node:net';
import { toFloeError } from '@floe/errors';
import { failed, ok, warning, type Finding } from './check.ts';
import { isAtLeast } from './compare-versions.ts';

// Older ones lack what Floe's streams use.
const VERSION_MIN = '2.9.0';
// Older ones may lose acknowledged messages in a power cut, or have known faults of JetStream.
const DEPLOYMENT_VERSION_MIN = '2.12.3';
const ANSWER_WITHIN_MS = 2_000;
// The greeting is one line of about 400 bytes.
const GREETING_BYTES_MAX = 16_384;

/** Asks a NATS server for its version: it greets every connection with a line `INFO {json}`. */
export async function checkNats(url: string): Promise<Finding> {
  try {
    const version = await readVersion(new URL(url));
    return judgeVersion(version);
  } catch (thrown) {
    const { message } = toFloeError(thrown);
    return failed(
      'nats',
      message,
      'Start it, or correct FLOE_NATS_URL; its log says why it ended.',
    );
  }
}

function judgeVersion(version: string): Finding {
  const found = `version ${version}`;
  if (isAtLeast(version, DEPLOYMENT_VERSION_MIN)) return ok('nats', found);
  if (isAtLeast(version, VERSION_MIN)) {
    const mend = `Good enough on this machine; a deployment wants ${DEPLOYMENT_VERSION_MIN} or newer with sync_interval: always.`;
    return warning('nats', found, mend);
  }
  return failed('nats', found, `Install nats-server ${DEPLOYMENT_VERSION_MIN} or newer.`);
}

function readVersion(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    let greeting = '';
    const socket = createConnection({ host: url.hostname, port: Number(url.port || 4222) });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new Error(`${url.host} ${reason}`));
    };
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_WITHIN_MS, () => fail('does not answer'));
    socket.on('error', (error) => fail(`cannot be reached: ${error.message}`));
    socket.on('close', () => fail('closed the connection without a greeting'));
    socket.on('data', (text: string) => {
      greeting += text;
      const version = /^INFO .*?"version":"([^"]+)"/.exec(greeting)?.[1];
      if (version === undefined && greeting.length < GREETING_BYTES_MAX) return;
      if (version === undefined) return fail('is no NATS server');
      resolve(version);
      socket.destroy();
    });
  });
}
