/** Connector types that Floe has a task for, by their spellings without case, blanks and underscores. */
const SPELLINGS: Readonly<Record<string, ConnectorType>> = {
  postgresql: 'postgresql',
  postgres: 'postgresql',
  pg: 'postgresql',
  expression: 'expression',
  filter: 'filter',
  groupby: 'groupby',
  aggregate: 'groupby',
  join: 'join',
  joiner: 'join',
  selectcolumns: 'selectcolumns',
  select: 'selectcolumns',
};

export type ConnectorType =
  | 'postgresql'
  | 'expression'
  | 'filter'
  | 'groupby'
  | 'join'
  | 'selectcolumns';

/** What Floe does for a connector type; undefined where it has no task. */
export function connectorTypeOf(text: string): ConnectorType | undefined {
  const spelling = text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return Object.hasOwn(SPELLINGS, spelling) ? SPELLINGS[spelling] : undefined;
}

export function isTransformationType(text: string): boolean {
  const type = connectorTypeOf(text);
  return type !== undefined && type !== 'postgresql';
}

/** Everything that transforms nothing is taken to be a store of data. */
export function isDatabaseType(text: string): boolean {
  return text !== '' && !isTransformationType(text);
}
