import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

// A change of the kernel's tables takes milliseconds.
const WITHIN_MS = 5_000;

/** Runs iproute2's `ip`. Rejects with what it said. */
export async function runIp(...words: readonly string[]): Promise<void> {
  await promisify(execFile)('ip', [...words], { timeout: WITHIN_MS });
}
