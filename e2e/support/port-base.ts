import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

// Below the range from which Linux gives ports to outgoing connections, above the well-known ones.
const FIRST = 15_000;
const LAST = 30_000;
// An embedded Floe takes up to this many ports from its base on.
const PORTS = 34;
const ATTEMPTS_MAX = 50;

/** A port such that it and the following ones are free. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const base = randomInt(FIRST, LAST);
    const ports = Array.from({ length: PORTS }, (_, offset) => base + offset);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row after ${ATTEMPTS_MAX} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}
