/**
 * What the OpenLineage specification 2-0-2 and its facets want of an event, written down as JSON Schema from the published
 * specification (https://openlineage.io/spec/2-0-2/OpenLineage.json and the facets beside it): members, their types, which
 * are required, and the formats. Stricter in one thing: events and facets have no members that are not named here.
 */
const text = { type: 'string' };
const uri = { type: 'string', format: 'uri' };
const uuid = { type: 'string', format: 'uuid' };
const time = { type: 'string', format: 'date-time' };
const list = (items: object) => ({ type: 'array', items });

function strict(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

function facet(
  name: string,
  version: string,
  { properties, optional = [] }: { properties: Record<string, object>; optional?: string[] },
) {
  const url = `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`;
  return strict({ _producer: uri, _schemaURL: { const: url }, ...properties }, optional);
}

const job = strict({ namespace: text, name: text });
const parent = { run: strict({ runId: uuid }), job };
const inputField = strict({
  namespace: text,
  name: text,
  field: text,
  transformations: list(
    strict({
      type: { enum: ['DIRECT', 'INDIRECT'] },
      subtype: {
        enum: [
          'IDENTITY',
          'TRANSFORMATION',
          'AGGREGATION',
          'JOIN',
          'GROUP_BY',
          'FILTER',
          'SORT',
          'WINDOW',
          'CONDITIONAL',
        ],
      },
      description: text,
      masking: { type: 'boolean' },
    }),
  ),
});

const RUN_FACETS = {
  parent: facet('ParentRunFacet', '1-2-0', { properties: { ...parent, root: strict(parent) } }),
  nominalTime: facet('NominalTimeRunFacet', '1-0-1', { properties: { nominalStartTime: time } }),
  errorMessage: facet('ErrorMessageRunFacet', '1-0-1', {
    properties: { message: text, programmingLanguage: text },
  }),
};

const JOB_FACETS = {
  jobType: facet('JobTypeJobFacet', '2-0-4', {
    properties: { processingType: { enum: ['BATCH'] }, integration: text, jobType: text },
  }),
  sql: facet('SQLJobFacet', '1-1-0', { properties: { query: text, dialect: text } }),
};

const DATASET_FACETS = {
  schema: facet('SchemaDatasetFacet', '1-2-0', {
    properties: { fields: list(strict({ name: text, type: text })) },
  }),
  columnLineage: facet('ColumnLineageDatasetFacet', '1-2-0', {
    properties: {
      fields: { type: 'object', additionalProperties: strict({ inputFields: list(inputField) }) },
      dataset: list(inputField),
    },
    optional: ['dataset'],
  }),
};

const OUTPUT_FACETS = {
  outputStatistics: facet('OutputStatisticsOutputDatasetFacet', '1-0-2', {
    properties: { rowCount: { type: 'integer' }, size: { type: 'integer' } },
    optional: ['size'],
  }),
};

const optionalAll = (facets: Record<string, object>) => strict(facets, Object.keys(facets));
const dataset = { namespace: text, name: text, facets: optionalAll(DATASET_FACETS) };

export const RUN_EVENT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...strict({
    eventType: { enum: ['START', 'COMPLETE', 'ABORT', 'FAIL'] },
    eventTime: time,
    producer: uri,
    schemaURL: { const: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent' },
    run: strict({ runId: uuid, facets: optionalAll(RUN_FACETS) }),
    job: strict({ namespace: text, name: text, facets: optionalAll(JOB_FACETS) }),
    inputs: list(strict(dataset)),
    outputs: list(strict({ ...dataset, outputFacets: optionalAll(OUTPUT_FACETS) })),
  }),
};
