import { FloeError } from '@floe/errors';
import type { FrameNode } from '@floe/expression';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { DatasetFacts } from '../copy/dataset-from-copy.ts';
import { countsByLook } from './counts-by-look.ts';
import { buildFrame, noSuchInput } from './execute-frame-plan.ts';
import { optimizationsForStage } from './optimizations.ts';
import { scanDatasets, sinkDataset } from './sink-dataset.ts';
import type { StageInput, StageStep } from './stage-step.ts';

export type StageFacts = {
  /** Of the last step. */
  readonly facts: DatasetFacts;
  /** Rows that each step makes; undefined where counting them would cost too much. */
  readonly rows: readonly (number | undefined)[];
};

// Up to here counting costs milliseconds. Above it may cost as much as the stage itself: a join or groups are made twice.
export const COUNTED_INPUT_ROWS_MAX = 200_000;
// Two filters over so many rows are counted in some ten milliseconds.
export const LOOKED_AT_INPUT_ROWS_MAX = 1_000_000;

/**
 * Executes the plans of a stage as one lazy Polars query: a step reads what earlier ones make without storing it, and
 * only the last one is written. Errors: those of `executeFramePlan`, without saying which step is at fault.
 */
export async function executeStage(
  steps: readonly StageStep[],
  output: string,
): Promise<StageFacts> {
  const frames: LazyDataFrame[] = [];
  for (const { plan, inputs } of steps) {
    frames.push(buildFrame(plan, (name) => frameOf(inputs, name, frames)));
  }
  const facts = await sinkDataset(
    frames.at(-1)!,
    output,
    optimizationsForStage(steps.map(({ plan }) => plan)),
  );
  const known = knownRows(steps, facts.rows);
  return { facts, rows: await countMissing(frames, countable(steps, known), known) };
}

/** The steps whose rows are not known, and are cheap enough to count. */
function countable(steps: readonly StageStep[], known: readonly (number | undefined)[]): number[] {
  const missing = [...steps.keys()].filter((index) => known[index] === undefined);
  const inputRows = inputRowsOf(steps);
  if (inputRows <= COUNTED_INPUT_ROWS_MAX) return missing;
  if (inputRows > LOOKED_AT_INPUT_ROWS_MAX) return [];
  return missing.filter((index) => countsByLook(steps, index));
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
  for (const step of steps) known.push(rowsFromInput(step, known));
  known[steps.length - 1] = last;
  for (let index = steps.length - 1; index > 0; index -= 1) {
    const source = sourceOf(steps[index]!);
    if (source !== undefined && 'step' in source) known[source.step] ??= known[index];
  }
  return known;
}

function rowsFromInput(
  step: StageStep,
  known: readonly (number | undefined)[],
): number | undefined {
  const source = sourceOf(step);
  if (source === undefined) return undefined;
  return 'step' in source ? known[source.step] : source.rows;
}

/** The input of which the step makes one row for each; undefined where that is not certain. */
function sourceOf({ plan, inputs }: StageStep): StageInput | undefined {
  let node = plan.nodes[plan.output];
  while (node !== undefined && keepsRows(node)) node = plan.nodes[node.input];
  if (node?.op !== 'input' || !Object.hasOwn(inputs, node.name)) return undefined;
  return inputs[node.name];
}

type Keeping = Extract<
  FrameNode,
  { readonly op: 'with_columns' | 'rename' | 'sort' | 'reverse' | 'with_row_index' }
>;

function keepsRows(node: FrameNode): node is Keeping {
  return ['with_columns', 'rename', 'sort', 'reverse', 'with_row_index'].includes(node.op);
}

function inputRowsOf(steps: readonly StageStep[]): number {
  const files = steps.flatMap(({ inputs }) => Object.values(inputs));
  return files.reduce((sum, input) => sum + ('rows' in input ? input.rows : 0), 0);
}

/** All that is to be counted in one query, in which what the steps have in common is done once. */
async function countMissing(
  frames: readonly LazyDataFrame[],
  missing: readonly number[],
  known: readonly (number | undefined)[],
): Promise<(number | undefined)[]> {
  if (missing.length === 0) return [...known];
  const counts = missing.map((index) => frames[index]!.select(pl.len().alias('rows')));
  try {
    const counted = await pl.concat(counts).collect();
    const values = counted.getColumn('rows').toArray().map(Number);
    return known.map((rows, index) => rows ?? values[missing.indexOf(index)]);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FloeError('TRANSFORM_FAILED', `Polars failed: ${reason}`, { cause: thrown });
  }
}
