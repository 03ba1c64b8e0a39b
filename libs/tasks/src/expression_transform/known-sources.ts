/**
 * What this process has read lately: a warm worker runs the same texts again and again, and reading one takes as long as a
 * small query.
 */
import { sourceOf, type TransformConfig, type TransformSource } from './source.ts';

// What a busy installation runs within minutes; of texts as people write them some megabytes in all.
const SOURCES_MAX = 200;
// Longer texts are made by programs, and another one each time.
const CHARACTERS_MAX = 20_000;

/** From the one that was not asked for the longest. */
const known = new Map<string, TransformSource>();

/** Throws as sourceOf does. */
export function knownSourceOf(config: TransformConfig, inputs: readonly string[]): TransformSource {
  const key = JSON.stringify([config.polars, config.steps, config.sql, inputs]);
  if (key.length > CHARACTERS_MAX) return sourceOf(config, inputs);
  const source = known.get(key) ?? sourceOf(config, inputs);
  known.delete(key);
  known.set(key, source);
  if (known.size > SOURCES_MAX) known.delete(known.keys().next().value!);
  return source;
}
