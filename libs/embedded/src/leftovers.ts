import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

/** A supervised process as `processes.json` has it. */
export type ProcessRecord = ProcessIdentity & {
  readonly name: string;
  /** Processes of a higher group are ended first. */
  readonly group: number;
  readonly stopSignal: NodeJS.Signals;
};

// A service finishes what it does; whoever starts anew does not want to wait for more.
const END_WITHIN_MS = 10_000;
const KILL_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

export function writeRecords(stateDir: string, records: readonly ProcessRecord[]): Promise<void> {
  return writeJsonFile(recordsPath(stateDir), records);
}

/**
 * Ends the processes that a supervisor which was killed left running, in the order in which it would have. Returns
 * their names. To be called with the lock of the folder held: then nobody else supervises them.
 */
export async function endLeftovers(stateDir: string): Promise<string[]> {
  const records = parseRecords(await readJsonFile(recordsPath(stateDir)));
  const ended: string[] = [];
  const groups = [...new Set(records.map((record) => record.group))].toSorted((a, b) => b - a);
  for (const group of groups) {
    const members = records.filter((record) => record.group === group);
    const wereRunning = await Promise.all(members.map(endProcess));
    ended.push(...members.filter((_, index) => wereRunning[index]).map((record) => record.name));
  }
  return ended;
}

function recordsPath(stateDir: string): string {
  return join(stateDir, 'processes.json');
}

function parseRecords(value: unknown): ProcessRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is ProcessRecord {
  const record = value as Partial<ProcessRecord> | null;
  return (
    typeof record?.pid === 'number' &&
    record.pid > 0 &&
    typeof record.startedAt === 'string' &&
    typeof record.name === 'string' &&
    typeof record.group === 'number' &&
    typeof record.stopSignal === 'string'
  );
}

async function endProcess(record: ProcessRecord): Promise<boolean> {
  if (!(await isRunning(record))) return false;
  signal(record.pid, record.stopSignal);
  if (!(await hasEnded(record, END_WITHIN_MS))) {
    signal(record.pid, 'SIGKILL');
    await hasEnded(record, KILL_WITHIN_MS);
  }
  return true;
}

async function hasEnded(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (await isRunning(record)) {
    if (performance.now() >= deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended between the look and the signal, as it should.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
