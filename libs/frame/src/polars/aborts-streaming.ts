import type { FrameNode, FramePlan } from '@floe/expression';
import { gathers } from './optimizations.ts';

/**
 * Whether nodejs-polars 0.26.1 may abort the process when it streams a query of these plans: values are taken by a list of
 * places in a frame that stands under another one, and what follows has enough rows before it comes to that frame
 * (`pipe.send_state == PortState::Done` in its `execute.rs`). In memory such a query is right.
 */
export function abortsStreaming(plans: readonly FramePlan[]): boolean {
  // What a task of a stage gathers may come into the next one as an input.
  const comeGathered = plans.length > 1 && plans.some(({ nodes }) => nodes.some(takesPlaces));
  return plans.some(({ nodes }) => putsGatheredUnder(nodes, comeGathered));
}

/** Nodes come after those that they refer to. */
function putsGatheredUnder(nodes: readonly FrameNode[], comeGathered: boolean): boolean {
  const gathered: boolean[] = [];
  for (const node of nodes) {
    if (node.op === 'concat' && node.inputs.slice(1).some((at) => gathered[at] === true))
      return true;
    const isInput = node.op === 'input' && comeGathered;
    const isBehind = framesOf(node).some((at) => gathered[at] === true);
    gathered.push(isInput || isBehind || takesPlaces(node));
  }
  return false;
}

/** Groups are made in memory anyway; of no groups the engine in memory says another type than the streaming one. */
function takesPlaces(node: FrameNode): boolean {
  return node.op !== 'group_by' && gathers(node);
}

function framesOf(node: FrameNode): readonly number[] {
  if ('input' in node) return [node.input];
  if ('left' in node) return [node.left, node.right];
  if (node.op === 'concat') return node.inputs;
  return node.op === 'sql' ? node.inputs.map((each) => each.node) : [];
}
