import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkWorkspace } from './check-workspace.ts';
import { readWorkspace } from './read-workspace.ts';
import { manifestOf, violationsWith, type Files } from './test/plant-workspace.ts';
import { formatViolation } from './violation.ts';

const importing = (...names: readonly string[]) =>
  names.map((name) => `import '${name}';`).join('\n');

test('the workspace of Floe breaks no rule', () => {
  const workspace = readWorkspace(join(import.meta.dirname, '../..'));
  expect(checkWorkspace(workspace).map(formatViolation)).toEqual([]);
});

describe('what is allowed', () => {
  test.each<[string, Files]>([
    ['a workspace without sources', {}],
    ['pure below base', { 'libs/service/src/a.ts': importing('@floe/errors', 'node:fs') }],
    ['base below drivers', { 'libs/database/src/a.ts': importing('@floe/telemetry', 'pg') }],
    ['drivers below tasks', { 'libs/tasks/src/a.ts': importing('@floe/database') }],
    [
      'all of these below apps',
      { 'apps/scheduler/src/a.ts': importing('@floe/tasks', '@floe/bus') },
    ],
    ['the client in the console', { 'apps/console/src/a.tsx': importing('@floe/client') }],
    ['embedded in the command', { 'apps/cli/src/a.ts': importing('@floe/embedded') }],
    ['testing in a test', { 'libs/tasks/src/a.test.ts': importing('@floe/testing') }],
    ['testing below test/', { 'apps/cli/test/a.ts': importing('@floe/testing') }],
    [
      'testing, embedded and drivers in e2e',
      { 'e2e/a.ts': importing('@floe/testing', '@floe/embedded', 'pg') },
    ],
    ['queries in a store', { 'apps/scheduler/src/store/a.ts': importing('kysely') }],
    ['gRPC in testing', { 'libs/testing/src/a.ts': importing('@grpc/grpc-js') }],
    ['a clock in a test of a pure package', { 'libs/engine/src/a.test.ts': 'Date.now();' }],
    ['a date of a given time', { 'libs/engine/src/a.ts': 'export const a = new Date(0);' }],
    [
      'names of the clock in a text',
      { 'libs/engine/src/a.ts': "// Date.now()\nf('process.env');" },
    ],
    ['the environment where settings are read', { 'libs/service/src/a.ts': 'f(process.env);' }],
    [
      'the shared configuration',
      { 'libs/bus/vitest.config.ts': importing('../../vitest.shared.ts') },
    ],
    ['a tool in it', { 'vitest.shared.ts': importing('./tools/fresh-seeds.ts') }],
    ['a long test', { 'libs/bus/src/a.test.ts': '\n'.repeat(500).concat('f();') }],
    ['anything in generated code', { 'libs/rpc/src/generated/a.ts': importing('no-such-package') }],
  ])('%s', (_, planted) => {
    expect(violationsWith(planted)).toEqual([]);
  });
});

describe('what is refused', () => {
  test.each<[string, string, string, string]>([
    [
      'a pure package that imports base',
      'libs/engine/src/a.ts',
      importing('@floe/service'),
      'layer base',
    ],
    [
      'base that imports a driver',
      'libs/service/src/a.ts',
      importing('@floe/database'),
      'layer driver',
    ],
    [
      'a driver that imports tasks',
      'libs/database/src/a.ts',
      importing('@floe/tasks'),
      'layer task',
    ],
    [
      'a driver that imports the client',
      'libs/bus/src/a.ts',
      importing('@floe/client'),
      'layer public',
    ],
    [
      'the client that imports base',
      'libs/client/src/a.ts',
      importing('@floe/service'),
      'layer base',
    ],
    [
      'the console that imports a driver',
      'apps/console/src/a.tsx',
      importing('@floe/rpc'),
      'layer driver',
    ],
    ['an app that imports an app', 'apps/cli/src/a.ts', importing('@floe/scheduler'), 'layer app'],
    [
      'a service that imports embedded',
      'apps/scheduler/src/a.ts',
      importing('@floe/embedded'),
      'layer app',
    ],
    [
      'an app that imports the console',
      'apps/cli/src/a.ts',
      importing('@floe/console'),
      'layer console',
    ],
    [
      'a tool that imports an app',
      'tools/a.ts',
      importing('@floe/embedded'),
      'may import: pure, base',
    ],
    [
      'a type from another layer',
      'libs/engine/src/a.ts',
      "import type { A } from '@floe/bus';",
      'layer driver',
    ],
    [
      'testing in a source',
      'apps/cli/src/a.ts',
      importing('@floe/testing'),
      'is not part of the product',
    ],
    ['Node in a pure package', 'libs/engine/src/a.ts', importing('node:fs'), 'imports node:fs'],
    ['Date.now in a pure package', 'libs/engine/src/a.ts', 'f(Date.now());', 'uses Date.now'],
    ['new Date() in a pure package', 'libs/engine/src/a.ts', 'f(new Date());', 'uses new Date()'],
    [
      'Math.random in a pure package',
      'libs/engine/src/a.ts',
      'f(Math.random());',
      'uses Math.random',
    ],
    [
      'setTimeout in a pure package',
      'libs/engine/src/a.ts',
      'setTimeout(f, 1);',
      'uses setTimeout',
    ],
    [
      'setInterval in a pure package',
      'libs/engine/src/a.ts',
      'setInterval(f, 1);',
      'uses setInterval',
    ],
    ['process in a pure package', 'libs/engine/src/a.ts', 'process.exit();', 'uses process.'],
    [
      'performance in a pure package',
      'libs/engine/src/a.ts',
      'performance.now();',
      'uses performance.',
    ],
    ['chance in a pure package', 'libs/engine/src/a.ts', 'crypto.randomUUID();', 'uses crypto.'],
    [
      'code in a template of a pure package',
      'libs/engine/src/a.ts',
      'f(`${Date.now()}`);',
      'uses Date.now',
    ],
    [
      'the path of another package',
      'libs/bus/src/a.ts',
      importing('../../rpc/src/b.ts'),
      'leaves the package',
    ],
    ['an absolute path', 'libs/bus/src/a.ts', importing('/etc/a.ts'), 'leaves the package'],
    [
      'the shared configuration in a source',
      'libs/bus/src/a.ts',
      importing('../../../vitest.shared.ts'),
      'leaves the package',
    ],
    [
      'a library in the shared configuration',
      'vitest.shared.ts',
      importing('./libs/bus/src/a.ts'),
      'leaves the package',
    ],
    ['the own name', 'libs/bus/src/a.ts', importing('@floe/bus'), 'its own package'],
    ['a computed import', 'libs/bus/src/a.ts', 'await import(name);', 'computed name'],
    [
      'a package that nobody declares',
      'libs/bus/src/a.ts',
      importing('left-pad'),
      'to the dependencies of libs/bus/package.json',
    ],
    [
      'the same in a test',
      'libs/bus/src/a.test.ts',
      importing('left-pad'),
      'to the devDependencies of libs/bus/package.json',
    ],
    [
      'the same in e2e',
      'e2e/a.ts',
      importing('left-pad'),
      'to the devDependencies of package.json',
    ],
    ['pg outside of database', 'libs/tasks/src/a.ts', importing('pg'), 'only @floe/database'],
    [
      'kysely outside of a store',
      'apps/scheduler/src/a.ts',
      importing('kysely'),
      'only @floe/database',
    ],
    ['NATS outside of bus', 'apps/cli/src/a.ts', importing('@nats-io/jetstream'), 'only @floe/bus'],
    ['gRPC outside of rpc', 'apps/cli/src/a.ts', importing('@grpc/grpc-js'), 'only @floe/rpc'],
    [
      'Polars outside of frame',
      'libs/tasks/test/a.ts',
      importing('nodejs-polars'),
      'only @floe/frame',
    ],
    ['logs past telemetry', 'apps/cli/src/a.ts', importing('pino'), 'only @floe/telemetry'],
    ['process.env', 'apps/cli/src/a.ts', 'f(process.env);', 'reads process.env'],
    ['a part of process.env', 'libs/bus/src/a.ts', "f(process.env['PATH']);", 'reads process.env'],
    [
      'env taken out of process',
      'libs/bus/src/a.ts',
      'const { env } = process;',
      'reads process.env',
    ],
    ['the module of process', 'libs/bus/src/a.ts', importing('node:process'), 'reads process.env'],
    ['a file that never ends', 'libs/bus/src/a.ts', 'f(`', 'never ends'],
    ['a vague file name', 'libs/bus/src/stream-utils.ts', '', 'is named "utils"'],
    ['a vague folder name', 'libs/bus/src/common/a.ts', '', 'is named "common"'],
    ['a folder without a layer', 'bench/a.ts', '', 'has no layer'],
  ])('%s', (_, path, text, expected) => {
    expect(violationsWith({ [path]: text })).toEqual([
      expect.stringMatching(new RegExp(`^${RegExp.escape(path)}:1 .*${RegExp.escape(expected)}`)),
    ]);
  });

  test('a file of more than 400 lines', () => {
    const [allowed, long] = ['f();\n'.repeat(400), 'f();\n'.repeat(401)];
    expect(violationsWith({ 'libs/bus/src/a.ts': allowed, 'libs/bus/src/b.ts': long })).toEqual([
      expect.stringContaining('libs/bus/src/b.ts:401 has 401 lines'),
    ]);
  });

  test('devDependencies in a source, which has them in tests only', () => {
    const manifest = manifestOf('libs/bus', {
      dependencies: {},
      devDependencies: { zod: '1.0.0' },
    });
    const planted = {
      'libs/bus/package.json': manifest,
      'libs/bus/src/a.test.ts': importing('zod', 'vitest'),
    };
    expect(violationsWith(planted)).toEqual([]);
    expect(violationsWith({ ...planted, 'libs/bus/src/b.ts': importing('zod') })).toEqual([
      expect.stringContaining('libs/bus/src/b.ts:1 imports zod'),
    ]);
  });

  test('a package whose layer is unknown', () => {
    const manifest = manifestOf('libs/bus', { floe: { layer: 'drivers' } });
    const planted = { 'libs/bus/package.json': manifest, 'libs/bus/src/a.ts': 'f();' };
    expect(violationsWith(planted)).toEqual([
      expect.stringContaining('libs/bus/package.json:1 @floe/bus has no layer'),
    ]);
  });

  test('a cycle between packages, also of types', () => {
    const planted = {
      'libs/bus/src/a.ts': importing('@floe/rpc'),
      'libs/rpc/src/a.ts': "\nimport type { A } from '@floe/bus';",
    };
    expect(violationsWith(planted)).toEqual([
      expect.stringContaining(
        'libs/rpc/src/a.ts:2 closes a cycle, @floe/bus → @floe/rpc → @floe/bus:',
      ),
    ]);
  });

  test('a cycle between files of a package', () => {
    const [a, b, c] = ['libs/bus/src/a.ts', 'libs/bus/src/b.ts', 'libs/bus/src/c/c.ts'];
    const planted = {
      [a]: importing('./b.ts'),
      [b]: importing('./c/c.ts'),
      [c]: importing('../b.ts'),
    };
    expect(violationsWith(planted)).toEqual([
      expect.stringContaining(`${c}:1 closes a cycle, ${b} → ${c} → ${b}:`),
    ]);
  });

  test('a cycle of types between files of a package', () => {
    const planted = {
      'libs/bus/src/a.ts': "import type { B } from './b.ts';",
      'libs/bus/src/b.ts': "import { a } from './a.ts';",
    };
    expect(violationsWith(planted)).toEqual([expect.stringContaining('closes a cycle')]);
  });

  test('a file that imports itself', () => {
    expect(violationsWith({ 'libs/bus/src/a.ts': importing('./a.ts') })).toEqual([
      expect.stringContaining('closes a cycle, libs/bus/src/a.ts → libs/bus/src/a.ts:'),
    ]);
  });
});
