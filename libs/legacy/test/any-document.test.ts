/** Hunts documents on which the reader crashes, hangs, or loses a field without a word. */
import { FloeError } from '@floe/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { importWorkflow, plainJson, takeOutSecrets, type Json } from '../src/index.ts';
import { sha256 } from './documents.ts';

const words = fc.constantFrom(
  'postgresql',
  'filter',
  'join',
  'groupby',
  'expression',
  'snowflake',
  'Databases',
  'Transformations',
  'a',
  'b',
  'src',
  'tgt',
  '',
  '1',
  'true',
  'a > 1',
  'a + b',
  'sum(a)',
  'upper(',
  '__proto__',
  'constructor',
  '${{',
  '"',
  "';--",
  '\u0000',
);
const scalar: fc.Arbitrary<Json> = fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null));
const anything = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(words, scalar, { maxKeys: 3 }),
) as fc.Arbitrary<Json>;
/** Mostly what belongs there, sometimes anything. */
const mostly = <T extends Json>(right: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof(
    { weight: 12, arbitrary: right as fc.Arbitrary<Json> },
    { weight: 1, arbitrary: anything },
  );

const entry = fc.record(
  {
    name: mostly(words),
    target: mostly(words),
    selected: mostly(fc.boolean()),
    expression: mostly(fc.record({ value: words })),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>;
const details = fc.record(
  {
    db: mostly(words),
    schema: mostly(words),
    table: mostly(words),
    sql: mostly(words),
    filter: mostly(words),
    password: mostly(fc.constant('s3cret-password')),
    truncateTable: mostly(fc.boolean()),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>;
const node = fc.record(
  {
    node_name: mostly(words),
    sequence: mostly(fc.integer({ min: 0, max: 4 })),
    connector_type: mostly(words),
    connector_category: mostly(words),
    dbDetails: mostly(details),
    field_mapping: mostly(fc.array(entry, { maxLength: 3 })),
    transformations: mostly(
      fc.oneof(
        fc.array(entry, { maxLength: 3 }),
        fc.record({ source: fc.record({ columns: fc.array(entry, { maxLength: 3 }) }) }),
      ) as fc.Arbitrary<Json>,
    ),
    condition: mostly(words),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>;
const ids = fc.constantFrom('src', 'mid', 'tgt', 'if', '4', '__proto__', 'a b');
const asText = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    value,
    value.map((each) => JSON.stringify(each)),
  );
const document = fc.record(
  {
    workflow_id: mostly(fc.constantFrom('wf-1', 'x', '4f2')),
    workflow_name: mostly(words),
    connectionInformation_v1: asText(mostly(fc.dictionary(ids, mostly(node), { maxKeys: 5 }))),
    dependencies: asText(
      mostly(fc.dictionary(ids, mostly(fc.array(ids, { maxLength: 3 })), { maxKeys: 5 })),
    ),
  },
  { requiredKeys: ['workflow_id'] },
) as fc.Arbitrary<Json>;

test('any document is read, refused in words, or put aside, and never shows a password', () => {
  fc.assert(
    fc.property(document, (value) => {
      try {
        const imported = importWorkflow(value, sha256);
        expect(JSON.stringify([imported.floe, imported.legacy])).not.toContain('s3cret-password');
        const { source, document: made } = imported.floe;
        expect(source === undefined).toBe(
          imported.legacy.refusals.length > 0 || imported.floe.taskIds.size === 0,
        );
        if (source !== undefined) expect(parse(source)).toEqual(made);
      } catch (thrown) {
        if (!(thrown instanceof FloeError) || thrown.code !== 'DOCUMENT_INVALID') throw thrown;
        expect(thrown.message).not.toBe('');
      }
    }),
    { numRuns: 3_000 },
  );
});

/** Fields that no shape knows, put anywhere: each must be told, and its value kept. */
const strange = fc.constantFrom('zz_top', 'zz_node', 'zz_details', 'zz_entry');
test('every field is mapped, or kept and told as unmapped', () => {
  fc.assert(
    fc.property(fc.uniqueArray(strange, { minLength: 1 }), fc.string(), (names, text) => {
      const extra = (name: string) => (names.includes(name as 'zz_top') ? { [name]: text } : {});
      const nodes = {
        src: {
          sequence: 1,
          connector_type: 'postgresql',
          dbDetails: { db: 'd', table: 't', ...extra('zz_details') },
          ...extra('zz_node'),
        },
        tgt: {
          sequence: 2,
          connector_type: 'postgresql',
          dbDetails: { db: 'd', table: 'u' },
          field_mapping: [{ name: 'a', selected: true, ...extra('zz_entry') }],
        },
      };
      const stored = {
        workflow_id: 'w',
        connectionInformation_v1: nodes,
        dependencies: { tgt: ['src'] },
        ...extra('zz_top'),
      };
      if (text.includes('\0') || !text.isWellFormed()) return;
      const { legacy } = importWorkflow(stored as unknown as Json, sha256);
      expect(new Set(legacy.unmapped.map((path) => path.split('.').at(-1)))).toEqual(
        new Set(names),
      );
      expect(legacy.document).toEqual(takeOutSecrets(stored as never));
    }),
    { numRuns: 200 },
  );
});

test.each([
  [
    'a text of 16 MB',
    { workflow_id: 'w', workflow_name: 'x'.repeat(16 * 1024 * 1024) },
    /workflow_name has 16777216 characters/,
  ],
  [
    'much in all',
    { workflow_id: 'w', list: Array.from({ length: 3_000 }, () => 'x'.repeat(1_000)) },
    /more than \d+ characters/,
  ],
  ['deep nesting', { workflow_id: 'w', deep: deep(50_000) }, /nested more than 100 levels deep/],
  ['a NUL', { workflow_id: 'w', workflow_name: 'a\0b' }, /workflow_name holds the character NUL/],
  ['half a character', { workflow_id: 'w', x: '\ud800' }, /x holds half of a Unicode character/],
  ['no id', { workflow_name: 'x' }, /workflow_id is missing/],
  ['broken JSON', { workflow_id: 'w', dependencies: '{"a": [' }, /dependencies is no JSON/],
  [
    'a wrong type',
    { workflow_id: 'w', dependencies: { a: 7 } },
    /dependencies.a is a number, not a list/,
  ],
  ['no object', [1], /the document is a list/],
])('%s is put aside in words', (_, value, message) => {
  const before = performance.now();
  expect(() => importWorkflow(value as Json, sha256)).toThrow(message);
  expect(performance.now() - before).toBeLessThan(5_000);
});

function deep(levels: number): Json {
  let value: Json = 'x';
  for (let level = 0; level < levels; level += 1) value = { x: value };
  return value;
}

test('text that looks like addresses and secrets over and over is looked through quickly', () => {
  for (const text of [
    'a://b:'.repeat(150_000),
    'password='.repeat(100_000),
    'a'.repeat(1_000_000),
    '"password":'.repeat(90_000),
  ]) {
    const before = performance.now();
    takeOutSecrets({ text });
    expect(performance.now() - before).toBeLessThan(5_000);
  }
});

test.each([
  [{ $oid: '64f1' }, '64f1'],
  [{ $date: '2024-01-02T03:04:05Z' }, '2024-01-02T03:04:05Z'],
  [{ $date: { $numberLong: '1704164645000' } }, '2024-01-02T03:04:05.000Z'],
  [{ $date: 1704164645000 }, '2024-01-02T03:04:05.000Z'],
  [{ $numberLong: '9007199254740993' }, '9007199254740993'],
  [{ $numberLong: '7' }, 7],
  [{ $numberDouble: 'NaN' }, 'NaN'],
  [{ $numberDecimal: '1.10' }, '1.10'],
  [{ $binary: { base64: 'AQ==', subType: '00' } }, 'AQ=='],
  [{ $binary: 'AQ==', $type: '00' }, 'AQ=='],
  [{ $unknown: 1 }, { $unknown: 1 }],
  [{ a: [{ $numberInt: '3' }] }, { a: [3] }],
])('extended JSON %j is %j', (value, plain) => {
  expect(plainJson(value)).toEqual(plain);
});
