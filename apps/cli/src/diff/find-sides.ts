import type { FloeClient } from '@floe/client';
import { FloeError } from '@floe/errors';
import { readDocument } from '../documents.ts';
import type { Side } from './side.ts';
import { loadApplied, loadFile, readNamed, type Named } from './load-side.ts';

export type Sides = { readonly before: Side; readonly after: Side };

/**
 * The two that are meant. Of a document alone: what is applied under its name, and the document. Of a workflow alone:
 * its last two versions; of a version, that and the newest.
 */
export async function findSides(
  client: FloeClient,
  [first, second]: readonly [string, string | undefined],
): Promise<Sides> {
  const before = readNamed(first);
  if (second !== undefined) {
    return { before: await load(client, before), after: await load(client, readNamed(second)) };
  }
  if (before.kind === 'file') {
    const after = await load(client, before);
    const { side } = await loadApplied(client, { name: after.workflow.name });
    return { before: side, after };
  }
  const { name } = before;
  const newest = await loadApplied(client, { name });
  const version = before.version ?? newest.version.version - 1;
  if (version < 1) {
    throw new FloeError('VERSION_NOT_FOUND', `workflow ${name} has one version only`, {
      hint: `Compare it with a document: floe diff ${name} FILE`,
    });
  }
  return { before: (await loadApplied(client, { name, version })).side, after: newest.side };
}

async function load(client: FloeClient, named: Named): Promise<Side> {
  if (named.kind === 'file') return loadFile(client, await readDocument(named.path));
  return (await loadApplied(client, named)).side;
}
