import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { layerOfFolder, toLayer } from './layers.ts';
import { maskSource } from './mask-source.ts';
import { readImports } from './read-imports.ts';
import type { Package, SourceFile, Workspace } from './workspace.ts';

type Manifest = {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly floe?: { readonly layer?: unknown };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

const SOURCE = /\.[cm]?[jt]sx?$/;
const TEST = /(?:^|\/)test\/|\.test\.tsx?$/;
const CONFIGURATION = /(?:^|\/)[^/]+\.config\.ts$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'generated']);

/** Programs as users write them, against what is published: a test compiles them on their own. */
const OF_USERS = 'examples';

/** Reads all packages of a workspace, its other folders with sources (e2e, tools), and the sources of its root. */
export function readWorkspace(root: string): Workspace {
  const manifest = readManifest(root, '.');
  const folders = (manifest.workspaces ?? []).flatMap((pattern) => expand(root, pattern));
  const beside = subfolders(root, '.').filter(
    (folder) =>
      folder !== OF_USERS &&
      !folders.some((other) => other === folder || other.startsWith(`${folder}/`)),
  );
  const packages = ['.', ...beside, ...folders].map((folder) => readPackage(root, folder));
  return {
    packages: new Map(packages.map((each) => [each.name, each])),
    sharedDevDependencies: namesOf(manifest.devDependencies),
  };
}

function expand(root: string, pattern: string): string[] {
  if (!pattern.endsWith('/*')) return [pattern];
  const folders = subfolders(root, pattern.slice(0, -2));
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function readPackage(root: string, folder: string): Package {
  const hasManifest = existsSync(join(root, folder, 'package.json'));
  const home = hasManifest ? folder : '.';
  const manifest = readManifest(root, home);
  const layer = toLayer(manifest.floe?.layer) ?? layerOfFolder(folder);
  return {
    name: hasManifest ? manifest.name : folder,
    folder,
    layer,
    manifest: posix.join(home, 'package.json'),
    dependencies: namesOf(manifest.dependencies),
    devDependencies: namesOf(manifest.devDependencies),
    files: listSources(root, folder).map((path) => readSource(root, path, kindOf(path, layer))),
  };
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

function namesOf(versions: Readonly<Record<string, string>> = {}): ReadonlySet<string> {
  return new Set(Object.keys(versions));
}

function kindOf(path: string, layer: Package['layer']): SourceFile['kind'] {
  if (CONFIGURATION.test(path)) return 'tooling';
  if (layer === 'e2e' || TEST.test(path)) return 'test';
  return layer === 'tools' ? 'tooling' : 'source';
}

function readSource(root: string, path: string, kind: SourceFile['kind']): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const masked = maskSource(text);
  return { path, kind, text, ...masked, imports: readImports(text, masked) };
}

function listSources(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && SOURCE.test(entry.name));
  const own = files.map((entry) => posix.join(folder, entry.name)).toSorted();
  const below = folder === '.' ? [] : subfolders(root, folder);
  return [...own, ...below.flatMap((each) => listSources(root, each))];
}

function subfolders(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !isSkipped(entry.name));
  return folders.map((entry) => posix.join(folder, entry.name)).toSorted();
}

function isSkipped(name: string): boolean {
  return NOT_OURS.has(name) || name.startsWith('.');
}
