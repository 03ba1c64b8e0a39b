/**
 * Packs `@floe/client` as it is published: JavaScript and declarations made of the sources by tsc, the contracts of gRPC,
 * and `@floe/errors`, which nobody else publishes, within. `node tools/pack-client.ts [FOLDER]` writes the tarball there.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-step.ts';

const stage = join(root, '.cache/pack/client');
const target = process.argv[2] ?? join(root, '.cache/pack');

type Manifest = Readonly<Record<string, unknown>> & { readonly version: string };

const manifest = readJson(join(root, 'libs/client/package.json'));
const rpc = readJson(join(root, 'libs/rpc/package.json'));
const errors = readJson(join(root, 'libs/errors/package.json'));

function readJson(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** The same strictness as everywhere, with what a package needs: extensions of JavaScript, and declarations. */
function compile(sources: string, out: string): void {
  const config = join(sources, 'tsconfig.json');
  writeJson(config, {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: '.',
      outDir: out,
      composite: false,
      incremental: false,
      noEmit: false,
      emitDeclarationOnly: false,
      declaration: true,
      declarationMap: false,
      sourceMap: false,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
    },
    include: ['**/*.ts'],
  });
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { stdio: 'inherit' });
  nameJavaScript(out);
}

/** Declarations keep the names of the sources, which are not in the package. */
function nameJavaScript(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.d.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    const renamed = text.replaceAll(
      /((?:from |import\()["']\.{1,2}\/[^"']+)\.ts(["'])/g,
      '$1.js$2',
    );
    writeFileSync(path, renamed);
  }
}

function copySources(from: string, to: string): void {
  cpSync(join(root, from), to, {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts'),
  });
}

const entry = (path: string) => ({
  types: `./dist/${path}.d.ts`,
  default: `./dist/${path}.js`,
});

function stageErrors(): void {
  const folder = join(stage, 'node_modules/@floe/errors');
  const sources = join(root, '.cache/pack/errors-src');
  copySources('libs/errors/src', sources);
  compile(sources, join(folder, 'dist'));
  const { name, version, description, license, type } = errors;
  const exports = { '.': entry('index') };
  writeJson(join(folder, 'package.json'), { name, version, description, license, type, exports });
}

function stageClient(): void {
  const sources = join(stage, 'src');
  copySources('libs/client/src', sources);
  // All but Floe's own channel between its services.
  for (const part of ['floe/v1', 'google']) {
    copySources(`libs/rpc/src/generated/${part}`, join(sources, 'generated', part));
  }
  copySources('libs/rpc/src/generated/contracts.ts', join(sources, 'generated/contracts.ts'));
  compile(sources, join(stage, 'dist'));
  rmSync(sources, { recursive: true });
  for (const file of ['README.md']) cpSync(join(root, 'libs/client', file), join(stage, file));
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  writeJson(join(stage, 'package.json'), publishedManifest());
}

function publishedManifest(): object {
  const { name, version, license, type } = manifest;
  const needed = rpc['dependencies'] as Readonly<Record<string, string>>;
  const peers = ['@bufbuild/protobuf', '@grpc/grpc-js'];
  return {
    name,
    version,
    description:
      'Floe from TypeScript: REST, event streams, gRPC, and workflows with typed columns.',
    license,
    type,
    sideEffects: false,
    engines: { node: '>=20' },
    exports: {
      '.': entry('index'),
      './workflow': entry('builder/index'),
      './tasks': entry('tasks/index'),
      './grpc': entry('grpc/index'),
      './contracts': entry('generated/contracts'),
    },
    files: ['dist'],
    dependencies: { '@floe/errors': errors.version },
    bundleDependencies: ['@floe/errors'],
    peerDependencies: Object.fromEntries(peers.map((peer) => [peer, `^${needed[peer]}`])),
    peerDependenciesMeta: Object.fromEntries(peers.map((peer) => [peer, { optional: true }])),
  };
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
mkdirSync(target, { recursive: true });
stageErrors();
stageClient();
const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', target], {
  cwd: stage,
  encoding: 'utf8',
});
const [{ filename, size, entryCount }] = JSON.parse(packed) as [
  { filename: string; size: number; entryCount: number },
];
console.log(`${join(target, filename)}: ${entryCount} files, ${Math.round(size / 1024)} KiB`);
