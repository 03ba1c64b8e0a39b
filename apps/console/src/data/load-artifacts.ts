import type { Artifact } from '@floe/client';
import { floe } from '../api.ts';

// More than a run leaves of itself, and than a task leaves.
const PAGE_SIZE = 100;

/** What the run left of itself: it comes before what its tasks left. */
export async function loadRunArtifacts(runId: string): Promise<readonly Artifact[]> {
  const { artifacts } = await floe.listArtifacts(runId, { pageSize: PAGE_SIZE });
  return artifacts.filter(({ taskId }) => taskId === '');
}

/** The artifacts of a task. What it left comes before what Floe makes. */
export async function loadArtifacts(runId: string, taskId: string): Promise<readonly Artifact[]> {
  const { artifacts } = await floe.listArtifacts(runId, { taskId, pageSize: PAGE_SIZE });
  return artifacts.toSorted((a, b) => Number(isMade(a)) - Number(isMade(b)));
}

/** Whether Floe makes it of its own numbers; the ids of what tasks left have no dot. */
export function isMade({ artifactId }: Artifact): boolean {
  return artifactId.includes('.');
}
