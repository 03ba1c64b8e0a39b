import { readFileSync } from 'node:fs';
import pl from 'nodejs-polars';
import { parseProgram, toFramePlan } from '../../src/index.ts';
import { executePlan, type Lazy } from '../execute-plan.ts';
import { sampleFrames } from '../sample-frames.ts';

/** One public name of py-polars. */
export type ApiEntry = {
  readonly name: string;
  /** A text that uses it; null where there is none to write. */
  readonly text: string | null;
  /** The expression as py-polars serialises it; null for frames and for what holds Python functions. */
  readonly json: string | null;
  /** Whether the bundled Polars runs the serialised expression. */
  readonly runs?: boolean;
};

export function readApi(): readonly ApiEntry[] {
  const text = readFileSync(new URL('api.json', import.meta.url), 'utf8');
  return JSON.parse(text) as readonly ApiEntry[];
}

/** The frame `t` over which the texts are written. */
export function sampleFrame(): Lazy {
  const text = readFileSync(new URL('../golden/prefix.txt', import.meta.url), 'utf8');
  const plan = toFramePlan(parseProgram(text, { inputs: ['raw', 'other'] }), {});
  return executePlan(plan, sampleFrames()).lazy();
}

/** Whether the bundled Polars takes and runs what py-polars serialised. */
export function runsSerialised(frame: Lazy, json: string): boolean {
  try {
    frame.select(pl.Expr.deserialize(Buffer.from(json), 'json')).collectSync();
    return true;
  } catch {
    return false;
  }
}
