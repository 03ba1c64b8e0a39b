import { once } from 'node:events';
import { stringField } from '../config-fields.ts';
import { fillPath, findFiles, nameInFolder } from '../file-path.ts';
import type { LeadContext } from '../runner.ts';
import { lookAtFiles, shareFiles } from './file-share.ts';

/** Decides which files each partition reads. There is nothing to hold: it stays until the signal, as leads do. */
export async function leadFileExtract(context: LeadContext): Promise<void> {
  const { partitionCount, signal } = context;
  const path = fillPath(stringField(context.config, 'path'), context.params);
  const found = await findFiles(context, path);
  const nameOf = await nameInFolder(context);
  context.handOut(shareFiles(await lookAtFiles(found, nameOf), partitionCount));
  context.log('info', `shares ${found.length} files among ${partitionCount} partitions`);
  if (!signal.aborted) await once(signal, 'abort');
}
