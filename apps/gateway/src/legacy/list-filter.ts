import { ListLegacyRunsRequest } from '@floe/rpc/internal-contracts';
import { behindInstant, fromInstant } from './caller-time.ts';
import { fieldsOf, integerOf, textOf, type Fields } from './read-body.ts';
import { refuse } from './refusal.ts';

const ROWS_STANDARD = 20;
const ROWS_MAX = 500;
const DOWNLOAD_ROWS_MAX = 10_000;
const SKIP_MAX = 100_000;

/** The columns that lists can be sorted by, under the names that items have. */
const COLUMN_OF_FIELD: Readonly<Record<string, string>> = {
  startTimestamp: 'start_timestamp',
  start_timestamp: 'start_timestamp',
  end_timestamp: 'end_timestamp',
  workflow_run_id: 'workflow_run_id',
  workflow_id: 'workflow_id',
  workflow_name: 'workflow_name',
  job_run_id: 'job_run_id',
  job_name: 'job_name',
  folder_name: 'folder_name',
  workspace_name: 'workspace_name',
  runStatus: 'run_status',
  run_status: 'run_status',
  runBy: 'run_by',
  run_by: 'run_by',
};

const STATUSES: ReadonlySet<string> = new Set([
  'Started',
  'Running',
  'Completed',
  'Failed',
  'Stopped',
]);

export type ListQuestion = {
  readonly request: ListLegacyRunsRequest;
  /** The field that the list is sorted by, as items name it. */
  readonly sortField: string;
};

/** The question that a caller's filters ask. Throws for what they cannot mean. */
export function readListFilter(
  given: unknown,
  { offset, isDownload }: { readonly offset: number; readonly isDownload: boolean },
): ListQuestion {
  const filters = fieldsOf(given, 'filters');
  const sort = readSort(filters['sort_val']);
  const rows = { standard: ROWS_STANDARD, max: ROWS_MAX };
  const skip = { standard: 0, max: SKIP_MAX };
  const bound = (name: string) => ({ name, offset });
  const request = ListLegacyRunsRequest.create({
    limit: isDownload ? DOWNLOAD_ROWS_MAX : integerOf(filters, 'rows', rows),
    skip: isDownload ? 0 : integerOf(filters, 'num_of_rows_to_skip', skip),
    isDownload,
    sortColumn: COLUMN_OF_FIELD[sort.field] ?? '',
    isAscending: sort.isAscending,
    search: textOf(filters, 'search_val'),
    statuses: readStatuses(filters['run_status']),
    workflowId: textOf(filters, 'workflow_id'),
    fromTime: fromInstant(filters['start_date'], bound('start_date')),
    toTime: behindInstant(filters['end_date'], bound('end_date')),
  });
  return { request, sortField: sort.field };
}

type Sort = { readonly field: string; readonly isAscending: boolean };

const NEWEST_FIRST: Sort = { field: 'startTimestamp', isAscending: false };
const WORDS_OF_DIRECTION: Readonly<Record<string, boolean>> = {
  asc: true,
  ascending: true,
  '1': true,
  desc: false,
  descending: false,
  '-1': false,
};

/** `field`, `-field`, `field:asc`, `field desc`, or an object like `{field: -1}`. */
function readSort(value: unknown): Sort {
  if (value === undefined || value === null || value === '') return NEWEST_FIRST;
  const { field, direction } = typeof value === 'string' ? splitSort(value) : entryOf(value);
  const isAscending = WORDS_OF_DIRECTION[direction.toLowerCase()];
  if (!Object.hasOwn(COLUMN_OF_FIELD, field) || isAscending === undefined) {
    throw refuse(`sort_val must name one of ${Object.keys(COLUMN_OF_FIELD).join(', ')}`);
  }
  return { field, isAscending };
}

function splitSort(text: string): { field: string; direction: string } {
  const [first = '', direction] = text.trim().split(/\s*:\s*|\s+/, 3);
  if (direction !== undefined) return { field: first, direction };
  const isDescending = first.startsWith('-');
  return { field: first.replace(/^[-+]/, ''), direction: isDescending ? 'desc' : 'asc' };
}

function entryOf(value: unknown): { field: string; direction: string } {
  const entries = Object.entries(fieldsOf(value, 'sort_val'));
  const [[field, direction] = ['', '']] = entries;
  return { field: entries.length === 1 ? field : '', direction: String(direction) };
}

/** A word, several with commas between, or a list of them; `All` and nothing are all. */
function readStatuses(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value ?? ''];
  const words = texts.flatMap((text) => (typeof text === 'string' ? text.split(',') : ['?']));
  const given = words.map((word) => word.trim()).filter((word) => word !== '');
  if (given.some((word) => word.toLowerCase() === 'all')) return [];
  const known = given.map(capitalized);
  if (known.every((word) => STATUSES.has(word))) return [...new Set(known)];
  throw refuse(`run_status must be one of ${[...STATUSES].join(', ')}`);
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

const DAY_MS = 86_400_000;
/** Days back from now, by the word of a filter. */
const DAYS_OF_TYPE: Readonly<Record<string, number>> = {
  day: 1,
  last_24_hours: 1,
  week: 7,
  weekly: 7,
  last_7_days: 7,
  month: 30,
  monthly: 30,
  last_30_days: 30,
  year: 365,
  yearly: 365,
};
const ANY_TIME: ReadonlySet<string> = new Set(['', 'all', 'custom']);

/** The same question, narrowed to a span of time: by dates, or by a word like `week`. */
export function narrowByType(
  question: ListQuestion,
  given: unknown,
  { offset, now }: { readonly offset: number; readonly now: number },
): ListQuestion {
  const filters: Fields = fieldsOf(given, 'filters');
  const name = (part: string) => ({ name: `filter_${part}_date`, offset });
  const from = fromInstant(filters['filter_start_date'], name('start'));
  const to = behindInstant(filters['filter_end_date'], name('end'));
  const since = from ?? (to === undefined ? sinceOf(textOf(filters, 'filter_type'), now) : from);
  const { request } = question;
  return {
    ...question,
    request: {
      ...request,
      fromTime: latest(request.fromTime, since),
      toTime: earliest(request.toTime, to),
    },
  };
}

function sinceOf(type: string, now: number): Date | undefined {
  const word = type.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (ANY_TIME.has(word)) return undefined;
  const days = Object.hasOwn(DAYS_OF_TYPE, word) ? DAYS_OF_TYPE[word] : undefined;
  if (days !== undefined) return new Date(now - days * DAY_MS);
  const known = ['all', 'custom', ...Object.keys(DAYS_OF_TYPE)];
  throw refuse(`filter_type must be one of ${known.join(', ')}`);
}

function latest(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function earliest(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
