import { join } from 'node:path';
import type { ChildSpec } from './child-process.ts';
import { workspaceRoot } from './workspace-root.ts';

// Loading a service takes less than a second; the first start of all on a busy machine takes several.
const READY_WITHIN_MS = 60_000;
// A service gives itself 30 s before it ends by force.
const STOP_WITHIN_MS = 35_000;

// Metadata makes much that lives for a moment, of documents: in a small space, which it clears itself while very many go
// through, it holds half of the memory and is as fast.
// The others are as fast as they are with what Node gives them.
const NODE_ARGUMENTS: Partial<Record<ServiceApp, readonly string[]>> = {
  metadata: ['--max-semi-space-size=4', '--expose-gc'],
};

export type ServiceApp = 'metadata' | 'scheduler' | 'reporting' | 'gateway' | 'executor';

/** How to start a service of Floe as a process of its own. */
export function serviceSpec(options: {
  app: ServiceApp;
  name: string;
  stateDir: string;
  /** The checkout whose code is run, or a link to it, which is followed anew at each start; this one when absent. */
  root?: string | undefined;
  /** Its `FLOE_*` variables; those of `base` are not passed on. */
  settings: Readonly<Record<string, string>>;
  /** Everything else in its environment. */
  base: Readonly<Record<string, string | undefined>>;
}): ChildSpec {
  const { app, name, stateDir, root = workspaceRoot, settings, base } = options;
  return {
    name,
    command: process.execPath,
    args: [...(NODE_ARGUMENTS[app] ?? []), join(root, 'apps', app, 'src', 'main.ts')],
    env: {
      ...withoutFloe(base),
      // Compiled code is kept, which halves the time of the next start; where the command keeps it, a new folder has it too.
      NODE_COMPILE_CACHE: base['NODE_COMPILE_CACHE'] ?? join(stateDir, 'compile-cache'),
      FLOE_STATE_DIR: stateDir,
      // A port that is free; the line of the log that says that it is ready has it.
      FLOE_METRICS_LISTEN: '127.0.0.1:0',
      ...settings,
    },
    cwd: process.cwd(),
    logFile: join(stateDir, 'logs', `${name}.log`),
    readiness: { kind: 'ipc' },
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
    stopWithinMs: STOP_WITHIN_MS,
  };
}

function withoutFloe(env: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('FLOE_')));
}
