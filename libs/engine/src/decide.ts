import type { RunGraph } from './graph.ts';
import type { Decision, Input, World } from './input.ts';
import { openDraft } from './run-draft.ts';
import type { RunState } from './state.ts';

/** One input: `decide(graph, state, input, world) → (state', commands)`. */
export function decide(graph: RunGraph, state: RunState, input: Input, world: World): Decision {
  const draft = openDraft(graph, state);
  const applied = draft.apply(input, world);
  return applied.kind === 'refused' ? applied : { ...applied, ...draft.finish() };
}
