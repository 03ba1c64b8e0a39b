/** The parts of an old document as zod sees them: words may be numbers, flags may be words, all else may be anything. */
import { z } from 'zod';
import { ID_LENGTH_MAX, NAME_LENGTH_MAX } from './limits.ts';

const words = z
  .union([z.string(), z.number(), z.boolean(), z.null()], {
    error: 'is a list or an object, not a text',
  })
  .optional()
  .transform((value) => (value === null || value === undefined ? '' : String(value)));

const name = words.refine((text) => text.length <= NAME_LENGTH_MAX, {
  error: `has more than ${NAME_LENGTH_MAX} characters`,
});

const id = words.refine((text) => text.length <= ID_LENGTH_MAX, {
  error: `has more than ${ID_LENGTH_MAX} characters`,
});

const TRUE_WORDS = new Set(['true', 'yes', 'on', '1', 'y', 't']);

const flag = words.transform((text) => TRUE_WORDS.has(text.trim().toLowerCase()));

const anything = z.unknown().optional();

export const documentShape = z.looseObject({
  workflow_id: id.refine((text) => text !== '', { error: 'is missing' }),
  workflow_name: name,
  workspace_id: id,
  workspace_name: name,
  folder_id: id,
  folder_name: name,
  job_id: id,
  job_name: name,
  status: name,
  created_by: name,
  created_at: words,
  notifyEmail: words,
  onSuccessNotify: flag,
  onFailureNotify: flag,
  connectionInformation_v1: anything,
  dependencies: anything,
  workflow_diagram: anything,
});

/** Fields of transformations that are read where a kind needs them. */
const settings = {
  condition: anything,
  joinType: anything,
  join_type: anything,
  how: anything,
  on: anything,
  left_on: anything,
  right_on: anything,
  conditions: anything,
  group_by: anything,
  groupBy: anything,
  aggregations: anything,
};
export const SETTINGS: readonly string[] = Object.keys(settings);

export const nodeShape = z.looseObject({
  ...settings,
  node_name: name,
  sequence: words,
  connector_type: name,
  connector_category: name,
  dbDetails: anything,
  field_mapping: anything,
  transformations: anything,
});

export const databaseShape = z.looseObject({
  'host-name': name,
  host: name,
  port: words,
  db: name,
  database: name,
  schema: name,
  table: name,
  username: name,
  user: name,
  password: words,
  sql: words,
  filter: words,
  truncateTable: flag,
});

export const entryShape = z.looseObject({
  name,
  value: name,
  target: name,
  selected: anything,
  expression: anything,
});

export type DatabaseDetails = z.output<typeof databaseShape>;

export const flagOf = (value: unknown): boolean => flag.safeParse(value).data ?? false;
export const textOf = (value: unknown): string => words.safeParse(value).data ?? '';
