import type { Artifact } from '@floe/client';
import { floe } from '../api.ts';

// The most that the API gives at once, and more of it than a run of thousands of tasks has.
const PAGE_SIZE = 500;
const PAGES_MAX = 20;

/** What the run left of itself: it comes before what its tasks left. */
export async function loadRunArtifacts(runId: string): Promise<readonly Artifact[]> {
  const { artifacts } = await floe.listArtifacts(runId, { pageSize: PAGE_SIZE });
  return artifacts.filter(({ taskId }) => taskId === '');
}

/** The artifacts of a task. What it left comes before what Floe makes. */
export async function loadArtifacts(runId: string, taskId: string): Promise<readonly Artifact[]> {
  const found: Artifact[] = [];
  let pageToken = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await floe.listArtifacts(runId, { pageSize: PAGE_SIZE, pageToken });
    found.push(...answer.artifacts.filter((artifact) => artifact.taskId === taskId));
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return found.toSorted((a, b) => Number(isMade(a)) - Number(isMade(b)));
}

/** Whether Floe makes it of its own numbers; the ids of what tasks left have no dot. */
export function isMade({ artifactId }: Artifact): boolean {
  return artifactId.includes('.');
}
