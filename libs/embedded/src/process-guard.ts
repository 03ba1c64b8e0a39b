/**
 * A guard ends a process when this one is gone, however it went (kill -9 too): a shell that reads from a pipe whose
 * other end only this process holds. The end of the pipe is the end of the process.
 */
import { spawn } from 'node:child_process';

export type ProcessGuard = {
  /** Lets the guarded process be; to be called when it has ended or was stopped in the usual way. */
  release(): void;
};

export type GuardOptions = {
  readonly signal: 'KILL' | 'QUIT' | 'INT' | 'TERM';
  /** How long the process lives on without this one. */
  readonly graceMs: number;
  /** Removed when the process was ended. */
  readonly removeFolder?: string;
};

// $1 is the signal, $2 the pid, $3 seconds of grace, $4 a folder to remove or nothing. On Linux the guard stands in
// the folder of the process: it is dead with the process, also when the pid is given to another one later. The second
// of sleep lets the process end before its folder goes.
const SCRIPT = `[ ! -d "/proc/$2" ] || cd "/proc/$2" || exit 0
read -r word && exit 0
sleep "$3"
[ ! -d /proc/self ] || cat stat >/dev/null 2>&1 || exit 0
kill -s "$1" "$2" 2>/dev/null
[ -z "$4" ] || { cd / && sleep 1 && rm -rf -- "$4"; }`;

export function guardProcess(pid: number, options: GuardOptions): ProcessGuard {
  const { signal, graceMs, removeFolder = '' } = options;
  const values = [signal, String(pid), String(Math.ceil(graceMs / 1_000)), removeFolder];
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'floe-guard', ...values], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    // Its own process group: an interrupt from the terminal must not end the guard first.
    detached: true,
  });
  shell.unref();
  // The guard is a net below a net: when it cannot be spread or is gone, the process is still stopped in the usual way.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  return { release: () => shell.stdin.end('released\n') };
}
