import type { Facet, Facets } from './event.ts';
import type { ColumnEdge, LineageDataset, LineageRun } from './facts.ts';

export type Origin = { readonly producer: string; readonly jobNamespace: string };

// The newest versions that were published; each is a text of its own below openlineage.io/spec/facets.
const SCHEMAS = {
  columnLineage: '1-2-0/ColumnLineageDatasetFacet',
  errorMessage: '1-0-1/ErrorMessageRunFacet',
  jobType: '2-0-4/JobTypeJobFacet',
  nominalTime: '1-0-1/NominalTimeRunFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  parent: '1-2-0/ParentRunFacet',
  schema: '1-2-0/SchemaDatasetFacet',
  sql: '1-1-0/SQLJobFacet',
} as const;

export function facet(
  origin: Origin,
  name: keyof typeof SCHEMAS,
  fields: Readonly<Record<string, unknown>>,
): Facets {
  const [, type] = SCHEMAS[name].split('/');
  const made: Facet = {
    _producer: origin.producer,
    _schemaURL: `https://openlineage.io/spec/facets/${SCHEMAS[name]}.json#/$defs/${type}`,
    ...fields,
  };
  return { [name]: made };
}

export function parentFacet(
  origin: Origin,
  parent: { readonly runId: string; readonly job: string },
  root = parent,
): Facets {
  const named = ({ runId, job }: typeof parent) => ({
    run: { runId },
    job: { namespace: origin.jobNamespace, name: job },
  });
  return facet(origin, 'parent', { ...named(parent), root: named(root) });
}

export function nominalFacet(origin: Origin, { nominalAt }: LineageRun): Facets {
  if (nominalAt === undefined) return {};
  return facet(origin, 'nominalTime', { nominalStartTime: new Date(nominalAt).toISOString() });
}

export function schemaFacet(origin: Origin, { columns }: LineageDataset): Facets {
  if (columns === undefined || columns.length === 0) return {};
  return facet(origin, 'schema', { fields: columns.map(({ name, type }) => ({ name, type })) });
}

export function statisticsFacet(origin: Origin, { rows, bytes }: LineageDataset): Facets {
  if (rows === undefined) return {};
  return facet(origin, 'outputStatistics', {
    rowCount: rows,
    ...(bytes !== undefined && { size: bytes }),
  });
}

const SUBTYPES: Readonly<Record<string, string>> = {
  condition: 'CONDITIONAL',
  filter: 'FILTER',
  sort: 'SORT',
  window: 'WINDOW',
  group: 'GROUP_BY',
  join: 'JOIN',
};

/** Columns whose source is not known are left out: the facet has no word for them. */
export function columnFacet(origin: Origin, { edges = [] }: LineageDataset): Facets {
  const known = edges.filter(({ sourceColumn }) => sourceColumn !== '');
  if (known.length === 0) return {};
  const ofColumns = known.filter(({ targetColumn }) => targetColumn !== '');
  const byTarget = Map.groupBy(ofColumns, ({ targetColumn }) => targetColumn);
  const fields = Object.fromEntries(
    [...byTarget].map(([column, of]) => [column, { inputFields: inputFields(of) }]),
  );
  const dataset = inputFields(known.filter(({ targetColumn }) => targetColumn === ''));
  return facet(origin, 'columnLineage', { fields, ...(dataset.length > 0 && { dataset }) });
}

/** One entry for each source column, with all that is done to it. */
function inputFields(edges: readonly ColumnEdge[]): object[] {
  const bySource = Map.groupBy(edges, ({ source, sourceColumn }) =>
    JSON.stringify([source.namespace, source.name, sourceColumn]),
  );
  return [...bySource.values()].map((of) => {
    const [{ source, sourceColumn }] = of as [ColumnEdge];
    const { namespace, name } = source;
    return { namespace, name, field: sourceColumn, transformations: of.map(transformationOf) };
  });
}

function transformationOf({ how, transformation, isMasked }: ColumnEdge): object {
  const isValue = how === 'value';
  return {
    type: isValue ? 'DIRECT' : 'INDIRECT',
    subtype: isValue ? transformation.toUpperCase() : (SUBTYPES[how] ?? how.toUpperCase()),
    description: '',
    masking: isMasked,
  };
}
