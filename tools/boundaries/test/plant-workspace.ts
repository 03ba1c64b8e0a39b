import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkWorkspace } from '../check-workspace.ts';
import { readWorkspace } from '../read-workspace.ts';
import { formatViolation } from '../violation.ts';

/** A workspace in which nothing is wrong: a package of every layer, each of which declares all that it could import. */
const LAYERS = {
  'libs/errors': 'pure',
  'libs/engine': 'pure',
  'libs/service': 'base',
  'libs/telemetry': 'base',
  'libs/database': 'driver',
  'libs/bus': 'driver',
  'libs/rpc': 'driver',
  'libs/frame': 'driver',
  'libs/tasks': 'task',
  'libs/client': 'public',
  'libs/embedded': 'app',
  'libs/testing': 'test',
  'apps/cli': 'app',
  'apps/scheduler': 'app',
  'apps/console': 'console',
};

const NPM = [
  'pg',
  'kysely',
  '@nats-io/jetstream',
  '@grpc/grpc-js',
  'nodejs-polars',
  'pino',
  'zod',
  'vitest',
];
const PACKAGES = Object.keys(LAYERS).map((folder) => folder.replace(/^\w+/, '@floe'));
const EVERYTHING = Object.fromEntries([...PACKAGES, ...NPM].map((name) => [name, '1.0.0']));

export type Files = Readonly<Record<string, string>>;

export function manifestOf(folder: string, changes: object = {}): string {
  const layer = LAYERS[folder as keyof typeof LAYERS];
  const name = folder.replace(/^\w+/, '@floe');
  return JSON.stringify({ name, floe: { layer }, dependencies: EVERYTHING, ...changes });
}

/** Writes the workspace and the files planted in it, and answers with the lines that the check would print. */
export function violationsWith(planted: Files): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'floe-boundaries-'));
  try {
    const rootManifest = {
      name: 'floe',
      workspaces: ['libs/*', 'apps/*'],
      devDependencies: EVERYTHING,
    };
    const manifests = Object.keys(LAYERS).map((folder) => [
      `${folder}/package.json`,
      manifestOf(folder),
    ]);
    const files = {
      'package.json': JSON.stringify(rootManifest),
      ...Object.fromEntries(manifests),
    };
    writeFiles(root, { ...files, ...planted });
    return checkWorkspace(readWorkspace(root)).map(formatViolation);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
