import { FloeError, saidOf } from '@floe/errors';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { abortsStreaming } from './aborts-streaming.ts';
import { countsByLook, countsInOnePass } from './counts-by-look.ts';
import { buildFrame, noSuchInput } from './execute-frame-plan.ts';
import { optimizationsForStage, type Optimizations, type Sharing } from './optimizations.ts';
import { keptInput, rowsThatFollow } from './rows-that-follow.ts';
import { scanDatasets, sinkDataset } from './sink-dataset.ts';
import type { StageStep } from './stage-step.ts';

export type StageFacts = {
  /** Of the last step. */
  readonly facts: DatasetFacts;
  /** Rows that each step makes; undefined where counting them would cost too much. */
  readonly rows: readonly (number | undefined)[];
};

// Up to here counting costs milliseconds, whatever the steps are.
export const COUNTED_INPUT_ROWS_MAX = 200_000;
// So many are gone through once more in some 30 ms, a sixth of what the stage takes.
export const PASSED_INPUT_ROWS_MAX = 1_000_000;
// Two filters over so many rows are counted in some 20 ms.
export const LOOKED_AT_INPUT_ROWS_MAX = 2_000_000;

/**
 * Executes the plans of a stage as one lazy Polars query: a step reads what earlier ones make without storing it, and
 * only the last one is written. Errors: those of `executeFramePlan`, without saying which step is at fault.
 */
export async function executeStage(
  steps: readonly StageStep[],
  output: string,
  sharing: Sharing = {},
): Promise<StageFacts> {
  const frames: LazyDataFrame[] = [];
  for (const { plan, inputs } of steps) {
    frames.push(buildFrame(plan, (name) => frameOf(inputs, name, frames)));
  }
  const plans = steps.map(({ plan }) => plan);
  const optimizations = optimizationsForStage(plans, sharing);
  const inMemory = abortsStreaming(plans);
  const facts = await sinkDataset(frames.at(-1)!, output, { optimizations, inMemory });
  const known = knownRows(steps, facts.rows);
  const missing = countable(steps, known);
  const counted = await countRows(
    missing.map((index) => frames[index]!),
    optimizations,
  );
  return { facts, rows: known.map((rows, index) => rows ?? counted[missing.indexOf(index)]) };
}

/** The steps whose rows are not known, and are cheap enough to count. */
function countable(steps: readonly StageStep[], known: readonly (number | undefined)[]): number[] {
  const missing = [...steps.keys()].filter((index) => known[index] === undefined);
  const inputRows = inputRowsOf(steps);
  if (inputRows <= COUNTED_INPUT_ROWS_MAX) return missing;
  if (inputRows > LOOKED_AT_INPUT_ROWS_MAX) return [];
  const mayPass = inputRows <= PASSED_INPUT_ROWS_MAX;
  return missing.filter(
    (index) => (mayPass && countsInOnePass(steps, index)) || countsByLook(steps, index),
  );
}

function frameOf(
  inputs: StageStep['inputs'],
  name: string,
  frames: readonly LazyDataFrame[],
): LazyDataFrame {
  const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  const frame = input !== undefined && 'step' in input ? frames[input.step] : undefined;
  if (frame !== undefined) return frame;
  if (input !== undefined && 'path' in input) return scanDatasets(input.path);
  throw noSuchInput(name, inputs);
}

/** What follows from the inputs and the result, forwards and then backwards. */
function knownRows(steps: readonly StageStep[], last: number): (number | undefined)[] {
  const known: (number | undefined)[] = [];
  for (const step of steps)
    known.push(rowsThatFollow(step, (input) => ('step' in input ? known[input.step] : input.rows)));
  known[steps.length - 1] = last;
  for (let index = steps.length - 1; index > 0; index -= 1) {
    const kept = keptInput(steps[index]!);
    if (kept !== undefined && 'step' in kept) known[kept.step] ??= known[index];
  }
  return known;
}

function inputRowsOf(steps: readonly StageStep[]): number {
  const files = steps.flatMap(({ inputs }) => Object.values(inputs));
  return files.reduce((sum, input) => sum + ('rows' in input ? input.rows : 0), 0);
}

/** Rows of each frame, in one query, in which what they have in common is done once. */
async function countRows(
  frames: readonly LazyDataFrame[],
  optimizations: Optimizations,
): Promise<number[]> {
  if (frames.length === 0) return [];
  const counts = frames.map((frame) => frame.select(pl.len().alias('rows')));
  try {
    const counted = await pl.concat(counts).collect(optimizations);
    return counted.getColumn('rows').toArray().map(Number);
  } catch (thrown) {
    const reason = saidOf(thrown);
    throw new FloeError('TRANSFORM_FAILED', `Polars failed: ${reason}`, { cause: thrown });
  }
}
