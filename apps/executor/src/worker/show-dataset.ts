import { fileURLToPath } from 'node:url';
import { previewName, profileDataset, type DatasetReference } from '@floe/tasks/run';
import type { Channel } from './channel.ts';
import type { ShownDataset } from './messages.ts';
import { toFailure } from './to-failure.ts';

/** Makes a preview for people, who miss one that cannot be made. Never throws. */
export async function showDataset(shown: ShownDataset, channel: Channel): Promise<void> {
  const { taskId, datasetJson, maskedColumns, partition } = shown;
  try {
    const dataset = JSON.parse(datasetJson) as DatasetReference;
    const path = fileURLToPath(dataset.uri);
    const content = await profileDataset({ path, dataset, masked: new Set(maskedColumns) });
    const artifact = { name: previewName(partition), kind: 'preview', content } as const;
    channel.send({ kind: 'shown', artifact });
  } catch (thrown) {
    // The log of the attempt has ended: it goes to that of the executor.
    console.error(`there is no preview of what ${taskId} made: ${toFailure(thrown).message}`);
    channel.send({ kind: 'shown' });
  }
}
