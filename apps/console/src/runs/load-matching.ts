import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { toListOptions } from './runs-query.ts';
import type { RunsQuery } from './runs-query.ts';
import { serverNow } from '../server-clock.ts';

const PAGE_SIZE = 500;
// Each costs a call: more than a person means by one click.
export const MATCHING_MAX = 2_000;

/** All runs that a query matches, the newest first, up to MATCHING_MAX. */
export async function loadMatching(query: RunsQuery): Promise<readonly Run[]> {
  const options = toListOptions(query, serverNow());
  const found: Run[] = [];
  let pageToken = '';
  do {
    const page = await floe.listRuns({ ...options, pageSize: PAGE_SIZE, pageToken });
    found.push(...page.runs);
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && found.length < MATCHING_MAX);
  return found.slice(0, MATCHING_MAX);
}
