/** The order of rows that a join was asked to keep. The bug that it hunts: rows without a partner in any order. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameNode } from '@floe/expression';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { executeFramePlan } from '../src/polars/execute-frame-plan.ts';

let folder: string;
let inputs: { readonly a: string; readonly b: string };

const KEYS = ['d', null, 'b', 'x', 'b', 'y', 'z', 'a'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-join-'));
  inputs = { a: join(folder, 'a.ipc'), b: join(folder, 'b.ipc') };
  const left = pl.DataFrame({ k: KEYS, l: KEYS.map((_, at) => at) });
  const right = pl.DataFrame({
    k: ['c', 'b', 'a', null, 'q', 'b', 'r', 's'],
    r: KEYS.map((_, at) => at),
  });
  await left.lazy().sinkIpc(inputs.a).collect();
  await right.lazy().sinkIpc(inputs.b).collect();
});
afterAll(() => rm(folder, { recursive: true }));

const k = JSON.stringify({ Column: 'k' });
const l = JSON.stringify({ Column: 'l' });
const r = JSON.stringify({ Column: 'r' });
type Join = Extract<FrameNode, { readonly op: 'join' }>;

async function pairs(how: Join['how'], maintainOrder: Join['maintainOrder']): Promise<unknown[][]> {
  const output = join(folder, 'out.ipc');
  const joined: Join = {
    op: 'join',
    left: 0,
    right: 1,
    how,
    leftOn: [k],
    rightOn: [k],
    suffix: '_right',
    coalesce: true,
    nullsEqual: false,
    validate: 'm:m',
    maintainOrder,
  };
  const nodes = [
    { op: 'input', name: 'a' },
    { op: 'input', name: 'b' },
    joined,
    { op: 'select', input: 2, expressions: [l, r] },
  ] as const;
  await executeFramePlan({ nodes, output: 3 }, { inputs, output });
  return (await previewDataset(output, 100)).rows as unknown[][];
}

const nullsLast = (value: unknown) => (value === null ? Number.MAX_SAFE_INTEGER : Number(value));

function inOrder(rows: readonly unknown[][], first: number, second: number): unknown[][] {
  const by = (at: number, a: unknown[], b: unknown[]) => nullsLast(a[at]) - nullsLast(b[at]);
  return rows.toSorted((a, b) => by(first, a, b) || by(second, a, b));
}

test.each(['inner', 'left', 'right', 'full'] as const)(
  '%s: left first, then right',
  async (how) => {
    const rows = await pairs(how, 'left_right');
    expect(rows).toHaveLength({ inner: 5, left: 10, right: 10, full: 15 }[how]);
    expect(rows).toEqual(inOrder(rows, 0, 1));
  },
);

test.each(['inner', 'left', 'right', 'full'] as const)(
  '%s: right first, then left',
  async (how) => {
    const rows = await pairs(how, 'right_left');
    expect(rows).toEqual(inOrder(rows, 1, 0));
  },
);
