import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the workspace, shows what it prints, and says how long it took. True when it exited with 0. */
export function runStep(title: string, command: string, args: readonly string[]): boolean {
  const startedAt = performance.now();
  console.log(`\n━━ ${title}: ${[command, ...args].join(' ')}`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${root}/node_modules/.bin:${process.env['PATH'] ?? ''}`,
      NX_TUI: 'false',
      // Nothing of a build is anybody else's business.
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
  });
  if (result.error !== undefined)
    console.error(`could not run ${command}: ${result.error.message}`);
  const isGood = result.status === 0;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${isGood ? '✓' : '✗'} ${title} (${seconds} s)`);
  return isGood;
}
