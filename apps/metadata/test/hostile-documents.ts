/**
 * Documents of chance: good ones of every task type, of which pieces were replaced, moved, renamed, nested, repeated or
 * cut, as values and as text.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { type Json, NAMES, oddValue } from './odd-values.ts';

const GOOD = parse(readFileSync(new URL('every-field.yaml', import.meta.url), 'utf8')) as {
  [name: string]: Json;
};
const TASKS = GOOD['tasks'] as { [name: string]: Json };

type Change = {
  readonly kind: 'replace' | 'insert' | 'remove' | 'wrap' | 'move' | 'rename';
  readonly at: number;
  readonly to: number;
  readonly value: Json;
  readonly name: string;
};

const FIELDS = ['type', 'inputs', 'needs', 'foreach', 'when', 'polars', 'sql', 'send', 'query'];
const place = fc.nat({ max: 1_000_000 });
const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'insert', 'remove', 'wrap', 'move', 'rename'),
  at: place,
  to: place,
  value: oddValue(Object.values(TASKS)),
  name: fc.constantFrom(...NAMES, ...FIELDS),
});

type Holder = { [name: string]: Json };
/** Lists are holders, too: their keys are numbers. */
type Slot = { readonly holder: Holder; readonly key: string };

function slotsOf(value: Json, found: Slot[] = []): Slot[] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Holder;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    slotsOf(holder[key]!, found);
  }
  return found;
}

/** Also under a name like `__proto__`. */
function put(holder: object, key: string, value: Json): void {
  const copy = structuredClone(value);
  Object.defineProperty(holder, key, {
    value: copy,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

// More are a document that was made large before, in which one change more says nothing.
const SLOTS_MAX = 20_000;

function change(document: Json, made: Change): void {
  const slots = slotsOf(document);
  const slot = slots[made.at % slots.length];
  if (slot === undefined || slots.length > SLOTS_MAX) return;
  const other = slots[made.to % slots.length]!;
  CHANGES[made.kind](slot, { ...made, moved: other.holder[other.key]! });
}

type Making = Change & { readonly moved: Json };

const CHANGES: Record<Change['kind'], (slot: Slot, made: Making) => void> = {
  replace: ({ holder, key }, { value }) => put(holder, key, value),
  insert({ holder, key }, { value, name }) {
    const old = holder[key]!;
    if (Array.isArray(old)) old.push(structuredClone(value));
    else put(typeof old === 'object' && old !== null ? old : holder, name, value);
  },
  remove: (slot) => remove(slot),
  wrap({ holder, key }, { to }) {
    const old = holder[key]!;
    put(holder, key, to % 2 === 0 ? [old] : { a: old });
  },
  move: ({ holder, key }, { moved }) => put(holder, key, moved),
  rename(slot, { name }) {
    const old = slot.holder[slot.key]!;
    remove(slot);
    put(slot.holder, name, old);
  },
};

function remove({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

const TEXTS = [
  '[ '.repeat(2_000),
  '{"a":'.repeat(2_000),
  '- '.repeat(1_000),
  '? '.repeat(500),
  '&a [*a,*a]',
  'x'.repeat(100_000),
  '\t',
  '\u0000',
  '\ufeff',
  '\ud800',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '!!set ',
  '? ',
  '- ',
  ': ',
  '|',
  '>',
  '%YAML 9.9\n',
  '---\n',
  '...\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '\r',
  '\n\n',
  '  ',
  '\u2028',
];

const textChange = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.constantFrom(0, 0, 1, 5, 200),
  text: fc.constantFrom('', ...TEXTS),
});

function applyToText(
  text: string,
  changes: readonly { at: number; cut: number; text: string }[],
): string {
  return changes.reduce((done, { at, cut, text: put }) => {
    const place = Math.floor(at * done.length);
    return done.slice(0, place) + put + done.slice(place + cut);
  }, text);
}

/** A few tasks, so that most documents are short. */
const parts = fc.record({
  tasks: fc.subarray(Object.keys(TASKS), { minLength: 1 }),
  top: fc.subarray(Object.keys(GOOD)),
});

export const hostileDocument: fc.Arbitrary<string> = fc
  .record({
    parts,
    made: fc.array(changes, { maxLength: 4 }),
    texts: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(textChange, { minLength: 1, maxLength: 3 }) },
    ),
    isJson: fc.boolean(),
  })
  .map(({ parts: { tasks, top }, made, texts, isJson }) => {
    const document: Json = structuredClone({
      ...Object.fromEntries(['name', 'params', ...top].map((name) => [name, GOOD[name]!])),
      tasks: Object.fromEntries(tasks.map((name) => [name, TASKS[name]!])),
    });
    for (const each of made) change(document, each);
    return applyToText(written(document, isJson), texts);
  });

function written(value: Json, isJson: boolean): string {
  if (isJson) return JSON.stringify(value, null, 1);
  return stringify(value, { aliasDuplicateObjects: false });
}
