import { expect, test } from 'vitest';
import { maskSource } from './mask-source.ts';
import { readImports } from './read-imports.ts';

function importsOf(text: string): readonly (string | undefined)[] {
  return readImports(text, maskSource(text)).map(({ specifier, line }) =>
    [line, specifier].join(' '),
  );
}

test.each([
  ["import { a, type B } from 'x';", '1 x'],
  ["import a, * as b from 'x';", '1 x'],
  ["\nimport {\n  a,\n} from 'x';", '2 x'],
  ["import type { A } from 'x';", '1 x'],
  ["import type A from 'x';", '1 x'],
  ["import type from 'x';", '1 x'],
  ["import { type A } from 'x';", '1 x'],
  ["import './x.css';", '1 ./x.css'],
  ["import a from 'x/worker.js?url';", '1 x/worker.js'],
  ["export { a } from 'x';", '1 x'],
  ["export * as a from 'x';", '1 x'],
  ["export type { A } from 'x';", '1 x'],
  ["const { a } = await import('x');", '1 x'],
  ["const a = 1;\nconst b = import(\n  'x',\n);", '2 x'],
  ['const a = import(b);', '1 '],
  ['const a = import(`x`);', '1 '],
])('reads %j', (text, found) => {
  expect(importsOf(text)).toEqual([found]);
});

test.each([
  "// import 'x';",
  "const a = `import 'x'`;",
  `const a = "export { a } from 'x'";`,
  "const a = Array.from('x');",
  "export const from = 'x';",
  "loader.import('x');",
  'const a = import.meta.url;',
])('finds no import in %j', (text) => {
  expect(importsOf(text)).toEqual([]);
});
