import { dirname } from 'node:path';
import { startTestNats, startTestPostgres } from '../src/index.ts';

// A process that owns servers and is to be killed: it says where they are and waits.
const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
const ports = [postgres.port, nats.port];
process.stdout.write(`${JSON.stringify({ ports, folder: dirname(nats.storeDir) })}\n`);
