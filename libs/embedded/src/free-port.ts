import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which Linux gives ports to outgoing connections: what listens here can be started again on its port.
const FIRST = 10_000;
const LAST = 15_000;
// Few of the five thousand are taken: so many misses in a row are no bad luck.
const TRIES_MAX = 50;

/** A port of loopback that nobody listens on now. Another may take it before the caller does: be ready to try again. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
    if (tries === TRIES_MAX) throw new Error(`no free port after ${TRIES_MAX} tries`);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
