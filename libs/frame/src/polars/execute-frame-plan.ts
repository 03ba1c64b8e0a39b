import { FloeError, assert, nearestName, saidOf } from '@floe/errors';
import type { FramePlan } from '@floe/expression';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { abortsStreaming } from './aborts-streaming.ts';
import { applyFrameNode } from './apply-frame-node.ts';
import { optimizationsFor, type Sharing } from './optimizations.ts';
import { scanDatasets, sinkDataset, writeSmall } from './sink-dataset.ts';

type FrameInputs = Readonly<Record<string, string | readonly string[]>>;

export type ExecuteOptions = Sharing & {
  /** The Arrow IPC file, or files, of each input of the plan. */
  readonly inputs: FrameInputs;
  /** The Arrow IPC file to write; its name ends in `.ipc`. */
  readonly output: string;
};

/**
 * Executes a plan as one lazy Polars query, on Polars' own threads: the event loop stays free. The output appears
 * whole at its path or not at all.
 *
 * A panic inside of Polars ends the process, so that this belongs into a process that may die.
 * Errors: DATASET_MISSING when an input is not there; TRANSFORM_FAILED with what Polars says.
 */
export async function executeFramePlan(
  plan: FramePlan,
  options: ExecuteOptions,
): Promise<DatasetFacts> {
  const { inputs, output } = options;
  return sinkDataset(
    buildFrame(plan, (name) => scanInput(name, inputs)),
    output,
    { optimizations: optimizationsFor([plan], options), inMemory: abortsStreaming([plan]) },
  );
}

/**
 * Executes a plan whose result is a few rows for a moment, like statistics: in memory, into a file that is not synced.
 * Several times as fast as `executeFramePlan` on results of that size. Errors: those of `executeFramePlan`.
 */
export async function collectFramePlan(plan: FramePlan, options: ExecuteOptions): Promise<void> {
  const { inputs, output } = options;
  await writeSmall(
    buildFrame(plan, (name) => scanInput(name, inputs)),
    output,
    optimizationsFor([plan]),
  );
}

/** The lazy frame of a plan over the frames of its inputs: nothing is computed. Errors: TRANSFORM_FAILED. */
export function buildFrame(plan: FramePlan, input: (name: string) => LazyDataFrame): LazyDataFrame {
  const frames: LazyDataFrame[] = [];
  try {
    for (const node of plan.nodes)
      frames.push(
        applyFrameNode(node, {
          input,
          node: (index) => at(frames, index),
        }),
      );
    return at(frames, plan.output);
  } catch (thrown) {
    if (thrown instanceof FloeError) throw thrown;
    const reason = saidOf(thrown);
    throw new FloeError('TRANSFORM_FAILED', `Polars refuses the plan: ${reason}`, {
      cause: thrown,
    });
  }
}

function at(frames: readonly LazyDataFrame[], index: number): LazyDataFrame {
  const frame = frames[index];
  assert(frame !== undefined, `a node of the plan refers to the earlier node ${index}`);
  return frame;
}

function scanInput(name: string, inputs: FrameInputs): LazyDataFrame {
  const path = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (path !== undefined) return scanDatasets(path);
  throw noSuchInput(name, inputs);
}

export function noSuchInput(name: string, inputs: Readonly<Record<string, unknown>>): FloeError {
  const near = nearestName(name, Object.keys(inputs));
  return new FloeError('TRANSFORM_FAILED', `the plan reads "${name}", which is no input`, {
    hint: near === undefined ? `add "${name}" to the inputs` : `did you mean "${near}"?`,
  });
}

/** The version of Polars for Node.js that executes plans; expression JSON belongs to it. */
export const polarsVersion: string = pl.version;
