/**
 * What a process keeps: the heap that V8 still uses once it has collected all garbage. The process is asked over its
 * inspector, which SIGUSR1 opens on its one port, on loopback, until it ends.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';

const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const OPEN_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;
// A collection of some hundred MiB takes a fraction of it.
const ANSWER_WITHIN_MS = 20_000;
const BYTES_PER_MIB = 1024 * 1024;

type Target = { readonly webSocketDebuggerUrl: string };
type Answer = { readonly id?: number; readonly result?: { readonly usedSize?: number } };

/** In MiB. Throws DEADLINE_EXCEEDED, also where another process has the port. */
export async function keptHeapMib(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorOf(pid));
  try {
    const usedSize = await askForUse(socket);
    return usedSize / BYTES_PER_MIB;
  } finally {
    socket.close();
  }
}

async function inspectorOf(pid: number): Promise<string> {
  const end = performance.now() + OPEN_WITHIN_MS;
  while (performance.now() < end) {
    try {
      const targets = (await (await fetch(INSPECTOR)).json()) as readonly Target[];
      const [target] = targets;
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch {
      // It is not open yet.
    }
    await delay(LOOK_EVERY_MS);
  }
  throw new FloeError('DEADLINE_EXCEEDED', `process ${pid} does not open its inspector`);
}

/** Collects, then asks: answers come in the order of the questions. */
function askForUse(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = new FloeError('DEADLINE_EXCEEDED', 'the inspector did not answer');
    const timer = setTimeout(() => reject(late), ANSWER_WITHIN_MS);
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
      socket.send(JSON.stringify({ id: 2, method: 'Runtime.getHeapUsage' }));
    });
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as Answer;
      if (id !== 2) return;
      clearTimeout(timer);
      resolve(result?.usedSize ?? Number.NaN);
    });
  });
}
