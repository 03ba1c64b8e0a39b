/** Hunts a value of an enumeration, and a field of an answer, that the types of the client do not know. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Schema = { readonly enum?: readonly string[]; readonly properties?: object };

const root = new URL('../../../', import.meta.url);
const openApi = JSON.parse(readFileSync(new URL('docs/reference/openapi.json', root), 'utf8')) as {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const schemas = Object.entries(openApi.components.schemas);

const sources = globSync('libs/client/src/**/*-types.ts', { cwd: root })
  .concat('libs/client/src/client.ts')
  .map((path) => readFileSync(new URL(path, root), 'utf8'))
  .join('\n');

const VALUES = schemas.flatMap(([name, schema]) =>
  (schema.enum ?? []).map((value) => [name, value] as const),
);

// Which value it is that nothing was said of, is of no use to a caller.
const isSaid = (value: string) => !value.endsWith('_UNSPECIFIED');

test('the client knows every value of every enumeration', () => {
  const unknown = VALUES.filter(([, value]) => isSaid(value) && !sources.includes(`'${value}'`));
  expect(unknown).toEqual([]);
});

// A type of the client with the name of a schema: what it builds upon, and its fields from the brace to the one that ends it.
const TYPES = new Map(
  [...sources.matchAll(/export type (\w+) =([^;]*?)\{\n(.*?)\n\}/gs)].map(
    ([, name = '', bases = '', fields = '']) => [name, { bases, fields }],
  ),
);

function fieldsOf(name: string): string {
  const { bases = '', fields = '' } = TYPES.get(name) ?? {};
  return [fields, ...(bases.match(/\w+/g) ?? []).map(fieldsOf)].join('\n');
}

const FIELDS = schemas.flatMap(([name, schema]) =>
  TYPES.has(name)
    ? Object.keys(schema.properties ?? {}).map((field) => [name, field] as const)
    : [],
);

test('most answers are types of the client by the same name', () => {
  expect(new Set(FIELDS.map(([name]) => name)).size).toBeGreaterThan(40);
});

test('the client knows every field of an answer', () => {
  const unknown = FIELDS.filter(
    ([name, field]) => !new RegExp(`\\b${field}\\??:`).test(fieldsOf(name)),
  );
  expect(unknown).toEqual([]);
});
