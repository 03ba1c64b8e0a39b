import { PLAIN_PATHS } from '../router.ts';
import type { PlainPage } from '../router.ts';

export type PageEntry = {
  readonly page: PlainPage;
  readonly title: string;
  readonly path: string;
  /** The second key after `g`. */
  readonly key: string;
  readonly isInBar: boolean;
};

const TITLES: readonly (readonly [PlainPage, title: string, key: string])[] = [
  ['overview', 'Overview', 'o'],
  ['runs', 'Runs', 'r'],
  ['workflows', 'Workflows', 'w'],
  ['schedules', 'Schedules', 's'],
  ['lineage', 'Lineage', 'l'],
  ['executors', 'Executors', 'e'],
  ['connections', 'Connections', 'c'],
  ['settings', 'Settings', ','],
  ['compare', 'Compare two runs', 'd'],
];

/** The pages as the bar, the palette and the list of shortcuts have them. */
export const PAGES: readonly PageEntry[] = TITLES.map(([page, title, key]) => ({
  page,
  title,
  key,
  path: PLAIN_PATHS[page],
  isInBar: page !== 'compare',
}));
