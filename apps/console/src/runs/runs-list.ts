import type { Run } from '@floe/client';

export type RunsPart = { readonly runs: readonly Run[]; readonly nextPageToken: string };

/** The runs that are shown, newest first, and where the next older ones begin. */
export type RunsList = RunsPart;

/**
 * Takes in the newest page as it is now. Runs that the page covers are replaced by it, also those that left the
 * filter; older ones that were loaded before stay behind it. A page that no longer touches what was shown starts the
 * list anew, for there would be a gap between them.
 */
export function withNewestPage(list: RunsList | undefined, page: RunsPart): RunsList {
  const last = page.runs.at(-1);
  if (list === undefined || last === undefined || page.nextPageToken === '') return page;
  const older = list.runs.filter((run) => isOlder(run, last));
  const touches = older.length < list.runs.length;
  return older.length > 0 && touches
    ? { runs: [...page.runs, ...older], nextPageToken: list.nextPageToken }
    : page;
}

/** Takes in the page behind the last one. */
export function withOlderPage(list: RunsList, page: RunsPart): RunsList {
  const known = new Set(list.runs.map(({ runId }) => runId));
  const older = page.runs.filter(({ runId }) => !known.has(runId));
  return { runs: [...list.runs, ...older], nextPageToken: page.nextPageToken };
}

function isOlder(run: Run, than: Run): boolean {
  const ageMs = Date.parse(than.createTime ?? '') - Date.parse(run.createTime ?? '');
  // Ids are ordered by time too, and tell runs of the same millisecond apart.
  return ageMs > 0 || (ageMs === 0 && run.runId < than.runId);
}
