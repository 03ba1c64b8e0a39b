/** Executes one transform, and says at which place of its text it failed. */
import { rm } from 'node:fs/promises';
import { FloeError, type Place } from '@floe/errors';
import {
  toPlacedPlan,
  type FramePlan,
  type ParameterValue,
  type ProgramContext,
} from '@floe/expression';
import { executeFramePlan, type DatasetFacts, type ExecuteOptions } from '@floe/frame';
import { planOf, type TransformSource } from './source.ts';

// The search does parts of the work again: no longer than anybody wants to wait for a better message.
const SEARCH_MS_MAX = 5_000;

export type Transform = {
  readonly source: TransformSource;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly schemas: ProgramContext['inputs'];
};

/** Errors: those of `executeFramePlan`; of Polars and of steps with the place in the text, where it is found in time. */
export async function executeTransform(
  { source, params, schemas }: Transform,
  options: ExecuteOptions,
): Promise<DatasetFacts> {
  if (source.kind === 'sql') return executeFramePlan(planOf(source, params, schemas), options);
  const { plan, places } = toPlacedPlan(source.program, params);
  try {
    return await executeFramePlan(plan, options);
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || thrown.code !== 'TRANSFORM_FAILED') throw thrown;
    const place = places[(await findFailing(plan, options)) ?? places.length];
    throw place === undefined ? thrown : at(thrown, place, source.steps?.stepAt(place.line));
  }
}

/** The first operation that fails when nothing behind it is done. It may be that none does, or that it takes too long. */
async function findFailing(
  { nodes }: FramePlan,
  { output: path, ...options }: ExecuteOptions,
): Promise<number | undefined> {
  const output = path.replace(/\.ipc$/, '.search.ipc');
  const deadline = performance.now() + SEARCH_MS_MAX;
  try {
    for (const [index, { op }] of nodes.entries()) {
      if (op === 'input') continue;
      if (performance.now() > deadline) return undefined;
      const part = { nodes: nodes.slice(0, index + 1), output: index };
      if (await fails(part, { ...options, output })) return index;
    }
    return undefined;
  } finally {
    await rm(output, { force: true });
  }
}

async function fails(plan: FramePlan, options: ExecuteOptions): Promise<boolean> {
  try {
    await executeFramePlan(plan, options);
    return false;
  } catch {
    // Why is known: the whole has failed, too.
    return true;
  }
}

/** Steps are known by their number: the text that they were written out as nobody has seen. */
function at(
  { message, cause, hint }: FloeError,
  place: Place,
  step: number | undefined,
): FloeError {
  const { line, column } = place;
  const where = step === undefined ? `line ${line}, column ${column}` : `step ${step}`;
  const details: Record<string, string> =
    step === undefined ? { line: String(line), column: String(column) } : { step: String(step) };
  return new FloeError('TRANSFORM_FAILED', `${where}: ${message}`, {
    cause,
    details,
    ...(hint !== undefined && { hint }),
  });
}
