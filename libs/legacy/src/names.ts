import { IDENTIFIER, isReservedName, mendIdentifier, RESOURCE_NAME } from '@floe/workflow';
import type { LegacyNode } from './legacy-workflow.ts';

/** A text as hexadecimal SHA-256; pure code is given it. */
export type Digest = (text: string) => string;

// Enough to keep a hundred thousand workflows of the same name apart: one pair in fifty million meets.
const DIGEST_CHARACTERS = 10;
const NAME_LENGTH_MAX = 63;

/** Ids that machines drew are no names for people. */
const DRAWN = /^[0-9a-f]{16,}$|^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/**
 * What Floe calls a workflow: its old id where that reads as a name, else its old name and a digest of the id. The same
 * document has the same name wherever and whenever it is imported.
 */
export function workflowNameOf(workflowId: string, workflowName: string, digest: Digest): string {
  if (RESOURCE_NAME.test(workflowId) && !DRAWN.test(workflowId)) return workflowId;
  return withDigest(slugOf(workflowName) || 'workflow', workflowId, digest);
}

/** Lower case, other characters as hyphens. Empty when nothing is left. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '')
    .replace(/^(?=\d)/, 'w-');
}

export function withDigest(slug: string, text: string, digest: Digest): string {
  const end = digest(text).slice(0, DIGEST_CHARACTERS);
  return `${slug.slice(0, NAME_LENGTH_MAX - DIGEST_CHARACTERS - 1)}-${end}`;
}

// Two characters remain for what a node needs more than one task for.
const TASK_NAME_LENGTH_MAX = 50;

/** Names of tasks: the id of the node where it is a name, else its name; each once. */
export function taskNames(nodes: readonly LegacyNode[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(nodes.map((node) => [node.id, freeName(wantedName(node), taken)]));
}

function wantedName({ id, name, kind }: LegacyNode): string {
  const mended = DRAWN.test(id)
    ? mendIdentifier(name)
    : (mendIdentifier(id) ?? mendIdentifier(name));
  const wanted = (mended ?? kind).slice(0, TASK_NAME_LENGTH_MAX);
  return isReservedName(wanted) || !IDENTIFIER.test(wanted)
    ? `${kind}_${wanted}`.slice(0, TASK_NAME_LENGTH_MAX)
    : wanted;
}

/** The name itself, or with the first number that makes it another. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  taken.add(name);
  return name;
}
