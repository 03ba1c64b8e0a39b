import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameNode } from '@floe/expression';
import pl from 'nodejs-polars';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { executeFramePlan } from '../src/polars/execute-frame-plan.ts';

/** Two small datasets, nodes 0 and 1 of every plan, in a folder whose name Polars could take for a pattern. */
export type PlanInputs = {
  readonly folder: string;
  readonly inputs: Readonly<Record<'left' | 'right', string>>;
  /** The result of the last of the nodes, which follow the two. */
  run(nodes: readonly FrameNode[]): Promise<{ readonly columns: string; readonly rows: unknown }>;
  remove(): Promise<void>;
};

/** A name, the nodes, the columns of the result and its rows. */
export type PlanCase = readonly [string, readonly FrameNode[], string, readonly unknown[][]];

export const column = (name: string): string => JSON.stringify({ Column: name });

export async function writePlanInputs(): Promise<PlanInputs> {
  const folder = await mkdtemp(join(tmpdir(), 'floe-plan-[1]-'));
  const inputs = { left: join(folder, 'left.ipc'), right: join(folder, 'right.ipc') };
  const left = pl.DataFrame({
    k: ['b', 'a', 'c', 'a'],
    v: pl.Series('v', [1, 2, null, 4], pl.Int32),
    w: pl.Series('w', [9, 8, 7, 6], pl.Int32),
  });
  const right = pl.DataFrame({ k: ['a', 'd'], v: pl.Series('v', [10, 20], pl.Int32) });
  await left.lazy().sinkIpc(inputs.left).collect();
  await right.lazy().sinkIpc(inputs.right).collect();
  let outputs = 0;
  return {
    folder,
    inputs,
    async run(nodes) {
      const output = join(folder, `out-${(outputs += 1)}.ipc`);
      const all: FrameNode[] = [
        { op: 'input', name: 'left' },
        { op: 'input', name: 'right' },
        ...nodes,
      ];
      await executeFramePlan({ nodes: all, output: all.length - 1 }, { inputs, output });
      const { schema, rows } = await previewDataset(output, 100);
      return { columns: schema.map((each) => each.name).join(), rows };
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
