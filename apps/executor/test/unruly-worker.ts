/** A worker that misbehaves as the configuration of its job says. */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { openChannel } from '../src/worker/channel.ts';

type Mischief = {
  readonly flood_bytes?: number;
  readonly ignore_sigterm?: boolean;
  readonly grab_bytes?: number;
};

const STDERR = 2;
const LINE = `${'x'.repeat(255)}\n`;

const kept: Buffer[] = [];

const channel = openChannel({
  onJob(job) {
    const mischief = JSON.parse(job.configJson) as Mischief;
    if (mischief.ignore_sigterm === true) ignoreSigterm();
    if (mischief.grab_bytes !== undefined) kept.push(Buffer.alloc(mischief.grab_bytes, 1));
    if (mischief.flood_bytes !== undefined) flood(mischief.flood_bytes);
  },
  // As a panic of Polars would end it.
  onShow: () => process.abort(),
});
channel.send({ kind: 'ready' });

function flood(bytes: number): void {
  for (let written = 0; written < bytes;) {
    try {
      written += writeSync(STDERR, LINE);
    } catch (thrown) {
      // The pipe is full: whoever reads it takes its time.
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    }
  }
  channel.send({ kind: 'succeeded', rows: 0, bytes, datasetJson: '', failedItems: [] });
}

/** With a child that does so too, and whose id it tells as soon as it does. */
function ignoreSigterm(): void {
  process.on('SIGTERM', () => {});
  const script = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => {
    channel.send({ kind: 'progress', update: { rows: child.pid ?? 0 } });
  });
}
