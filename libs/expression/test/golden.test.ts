/**
 * The corpus in `golden/` is Polars text with what py-polars makes of it (`golden/record.py`): names, types and rows,
 * or that it fails. Each text goes through the parser, the checker and Polars for Node.js, and has to come out alike.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { FloeError } from '@floe/errors';
import { EXPRESSIONS } from '../src/catalogue/catalogue.ts';
import { DIFFERENCES } from '../src/catalogue/differences.ts';
import { FRAME_METHODS } from '../src/catalogue/frames.ts';
import {
  checkProgram,
  formatDataType,
  parseProgram,
  toFramePlan,
  type Program,
} from '../src/index.ts';
import { executePlan, rowsOf } from './execute-plan.ts';
import { SAMPLE_SCHEMAS, sampleFrames } from './sample-frames.ts';

type Case = {
  readonly text: string;
  readonly fails?: true;
  readonly types?: Readonly<Record<string, string>>;
  readonly rows?: readonly unknown[];
};

/** What these give is left to chance, so that there is nothing to compare. */
const BY_CHANCE = new Set(['sample', 'shuffle']);

/** Thousands of plans run in one test: seconds on a free machine, more on a busy one. */
vi.setConfig({ testTimeout: 120_000 });

const read = (name: string): string =>
  readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
const PREFIX = read('prefix.txt');
const CASES: readonly Case[] = read('golden.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);
const ACCEPTED = CASES.filter((each) => !each.fails);
/** The frame `t` of prefix.txt, computed once: it stands beside the sample frames as an input. */
const prefix = parseProgram(PREFIX, { inputs: ['raw', 'other'] });
const SCHEMAS = { ...SAMPLE_SCHEMAS, t: checkProgram(prefix, { inputs: SAMPLE_SCHEMAS }) };
const INPUTS = Object.keys(SCHEMAS);
const samples = sampleFrames();
const frames = { ...samples, t: executePlan(toFramePlan(prefix, {}), samples).lazy() };
const programs = new Map<string, Program>();

beforeAll(() => {
  for (const { text } of ACCEPTED) programs.set(text, parseProgram(text, { inputs: INPUTS }));
});

function programOf(text: string): Program {
  const program = programs.get(text);
  if (program === undefined) throw new Error(`no program for ${text}`);
  return program;
}

test('names and types of the results are those of Polars', () => {
  const differences = ACCEPTED.flatMap(({ text, types = {} }) => {
    const schema = checkProgram(programOf(text), { inputs: SCHEMAS });
    const found = schema.map(({ name, type }) => [name, formatDataType(type)] as const);
    const expected = Object.entries(types);
    const isAlike =
      found.length === expected.length &&
      found.every(([name, type], index) => {
        const [wantedName, wantedType] = expected[index] ?? [];
        return name === wantedName && (type === wantedType || type === 'Unknown');
      });
    return isAlike ? [] : [{ text, found, expected }];
  });
  expect(differences).toEqual([]);
});

test('types that are not known before the run are rare', () => {
  const unknown = ACCEPTED.filter(({ text }) =>
    checkProgram(programOf(text), { inputs: SCHEMAS }).some(({ type }) => type.kind === 'unknown'),
  );
  expect(unknown.length / ACCEPTED.length).toBeLessThan(0.01);
});

test('the plans give the rows of py-polars', () => {
  const differences = ACCEPTED.flatMap(({ text, rows }) => {
    const frame = executePlan(toFramePlan(programOf(text), {}), frames);
    // Some types have no JSON form in Polars; then it is enough that the plan runs.
    if (rows === undefined) return [];
    const found: unknown = rowsOf(frame);
    return JSON.stringify(found) === JSON.stringify(rows) ? [] : [{ text, found, rows }];
  });
  expect(differences).toEqual([]);
});

test('the engine that writes datasets gives the same, but for the differences that are told', () => {
  const shown = new Set<string>();
  const differences = ACCEPTED.flatMap(({ text, rows }) => {
    const known = DIFFERENCES.find(({ shows }) => shows.test(text));
    if (known !== undefined) shown.add(known.what);
    if (rows === undefined || known !== undefined) return [];
    const frame = executePlan(toFramePlan(programOf(text), {}), frames, 'streaming');
    const found = rowsOf(frame);
    return isNearly(found, rows) ? [] : [{ text, found, rows }];
  });
  expect(differences).toEqual([]);
  // A difference that nothing shows is one that no longer is.
  expect(DIFFERENCES.filter(({ what }) => !shown.has(what))).toEqual([]);
});

/** Floats, which are text here, within the last digits: the engines add in different orders. */
function isNearly(found: unknown, wanted: unknown): boolean {
  if (Object.is(found, wanted)) return true;
  if (typeof found === 'string' && typeof wanted === 'string') {
    const [a, b] = [Number(found), Number(wanted)];
    return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));
  }
  if (typeof found !== 'object' || typeof wanted !== 'object') return nearNumbers(found, wanted);
  if (found === null || wanted === null) return false;
  const [left, right] = [Object.entries(found), Object.entries(wanted)];
  return (
    left.length === right.length &&
    left.every(
      ([key, value], index) => key === right[index]?.[0] && isNearly(value, right[index][1]),
    )
  );
}

function nearNumbers(found: unknown, wanted: unknown): boolean {
  const isPair = typeof found === 'number' && typeof wanted === 'number';
  return isPair && Math.abs(found - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
}

test('most of what Polars refuses is refused before the run', () => {
  const refused = CASES.filter((each) => each.fails);
  const accepted = refused.filter(({ text }) => isAccepted(text));
  expect(accepted.length / refused.length).toBeLessThan(0.2);
});

function isAccepted(text: string): boolean {
  try {
    checkProgram(parseProgram(text, { inputs: INPUTS }), { inputs: SCHEMAS });
    return true;
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'EXPRESSION_INVALID') return false;
    throw thrown;
  }
}

test('every entry of the catalogue is in the corpus', () => {
  const used = new Set<string>();
  for (const { statements } of programs.values()) {
    for (const [, method = ''] of JSON.stringify(statements).matchAll(/"method":"([^"]+)"/g)) {
      used.add(method);
    }
  }
  const names = [...EXPRESSIONS, ...FRAME_METHODS].map(({ name }) => name);
  expect(names.filter((name) => !used.has(name) && !BY_CHANCE.has(name))).toEqual([]);
});
