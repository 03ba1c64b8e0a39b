import { isDatabaseType, isTransformationType } from './connector-types.ts';
import { fieldOf, isList, isRecord, type Json, type JsonRecord } from './json.ts';
import type { Entry, LegacyNode, NodeKind } from './legacy-workflow.ts';
import { readEntries } from './read-entries.ts';
import { readJsonField, readShape, type Reading } from './reading.ts';
import { databaseShape, nodeShape, SETTINGS, type DatabaseDetails } from './shapes.ts';

/** A node as it stands in the document, whichever of the two forms that has. */
export type FoundNode = {
  readonly id: string;
  readonly value: Json;
  readonly path: string;
  /** The path with `*` for the id. */
  readonly at: string;
  /** What the canvas says of its place: source, transformation or target. */
  readonly declaredKind?: string;
  readonly hasParents: boolean;
};

export function readNode(found: FoundNode, reading: Reading): LegacyNode {
  const { id, path, at } = found;
  const value = isRecord(found.value) ? found.value : {};
  const node = readShape(found.value, nodeShape, { reading, path, at });
  const place = { reading, path: `${path}.field_mapping`, at: `${at}.field_mapping` };
  const transformations = readTransformations(fieldOf(value, 'transformations'), found, reading);
  const sequence = Number(node.sequence);
  const facts = {
    connectorType: node.connector_type,
    category: node.connector_category,
    sequence: node.sequence.trim() === '' || !Number.isInteger(sequence) ? undefined : sequence,
  };
  return {
    id,
    path,
    name: node.node_name === '' ? id : node.node_name,
    ...facts,
    kind: kindOf(facts, found, reading),
    database: readDatabase(fieldOf(value, 'dbDetails'), found, reading),
    fieldMapping: readEntries(fieldOf(value, 'field_mapping'), place),
    entries: transformations.entries,
    settings: { ...settingsIn(value), ...transformations.settings },
    raw: {
      connectionInfo: withoutParts(value),
      dbDetails: fieldOf(value, 'dbDetails') ?? {},
      fieldMapping: fieldOf(value, 'field_mapping') ?? [],
      transformations: fieldOf(value, 'transformations') ?? {},
    },
  };
}

const PARTS: ReadonlySet<string> = new Set(['dbDetails', 'field_mapping', 'transformations']);

function withoutParts(value: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !PARTS.has(name)));
}

function settingsIn(value: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(value).filter(([name]) => SETTINGS.includes(name)));
}

function readDatabase(
  value: Json | undefined,
  { path, at }: FoundNode,
  reading: Reading,
): DatabaseDetails | undefined {
  const details = readJsonField(value, `${path}.dbDetails`);
  if (details === undefined) return undefined;
  return readShape(details, databaseShape, {
    reading,
    path: `${path}.dbDetails`,
    at: `${at}.dbDetails`,
  });
}

type Transformations = { readonly entries: readonly Entry[]; readonly settings: JsonRecord };

/** {source: {columns: [...]}}, {transformations: [...]}, {columns: [...]}, or the list itself. */
function readTransformations(
  value: Json | undefined,
  { path, at }: FoundNode,
  reading: Reading,
): Transformations {
  const here = { reading, path: `${path}.transformations`, at: `${at}.transformations` };
  if (isList(value)) return { entries: readEntries(value, here), settings: {} };
  const record = readJsonField(value, here.path);
  if (record === undefined) return { entries: [], settings: {} };
  const source = fieldOf(record, 'source');
  const lists: Entry[] = [];
  for (const name of ['transformations', 'columns']) {
    const place = { reading, path: `${here.path}.${name}`, at: `${here.at}.${name}` };
    lists.push(...readEntries(fieldOf(record, name), place));
  }
  if (isRecord(source)) {
    const place = {
      reading,
      path: `${here.path}.source.columns`,
      at: `${here.at}.source.columns`,
    };
    lists.push(...readEntries(fieldOf(source, 'columns'), place));
    reading.keepUnmapped(`${here.at}.source`, except(source, ['columns']));
  }
  const known = ['transformations', 'columns', ...(isRecord(source) ? ['source'] : [])];
  reading.keepUnmapped(here.at, except(record, [...known, ...SETTINGS]));
  return { entries: lists, settings: settingsIn(record) };
}

function except(record: JsonRecord, names: readonly string[]): string[] {
  return Object.keys(record).filter((name) => !names.includes(name));
}

type Facts = Pick<LegacyNode, 'connectorType' | 'category' | 'sequence'>;

/**
 * Sequence 1 is a source; else the category Transformations or a type that transforms is a transformation; else it is a
 * target. A canvas says it itself, and where nothing says it the place in the graph does.
 */
function kindOf(facts: Facts, found: FoundNode, reading: Reading): NodeKind {
  const declared = found.declaredKind?.trim().toLowerCase() ?? '';
  if (declared === 'source' || declared === 'target') return declared;
  if (declared.startsWith('transform')) return 'transformation';
  if (facts.sequence === 1) return 'source';
  if (/^transformations?$/i.test(facts.category.trim())) return 'transformation';
  if (isTransformationType(facts.connectorType)) {
    if (facts.category !== '' && facts.connectorType !== 'expression')
      reading.note(
        found.path,
        `is a ${facts.connectorType} of the category ${facts.category}; it is taken as a transformation`,
      );
    return 'transformation';
  }
  if (facts.sequence === undefined && !found.hasParents) {
    if (isDatabaseType(facts.connectorType))
      reading.note(found.path, 'has no sequence and no parents; it is taken as a source');
    return 'source';
  }
  return 'target';
}
