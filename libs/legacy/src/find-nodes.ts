import { unreadable } from './finding.ts';
import { describeJson, fieldOf, isList, isRecord, type Json, type JsonRecord } from './json.ts';
import type { Dependency } from './legacy-workflow.ts';
import { ID_LENGTH_MAX, NODES_MAX } from './limits.ts';
import type { FoundNode } from './read-node.ts';
import { readJsonField, type Reading } from './reading.ts';
import { textOf } from './shapes.ts';

export type FoundGraph = {
  readonly nodes: readonly FoundNode[];
  readonly dependencies: readonly Dependency[];
};

/** The nodes and edges of a document: of its two fields, or of its canvas where it has no such nodes. */
export function findNodes(document: JsonRecord, reading: Reading): FoundGraph {
  const path = 'connectionInformation_v1';
  const nodes = readJsonField(fieldOf(document, path), path);
  const diagram = readJsonField(fieldOf(document, 'workflow_diagram'), 'workflow_diagram');
  if (nodes !== undefined && Object.keys(nodes).length > 0) {
    if (diagram !== undefined) reading.keepUnmapped('', ['workflow_diagram']);
    return fromFields(nodes, readDependencies(document));
  }
  if (diagram === undefined) return { nodes: [], dependencies: readDependencies(document) };
  return fromCanvas(diagram, reading);
}

function fromFields(nodes: JsonRecord, dependencies: readonly Dependency[]): FoundGraph {
  const children = new Set(dependencies.map(({ child }) => child));
  const found = Object.entries(nodes).map(([id, value]) => ({
    id: checkId(id, 'connectionInformation_v1'),
    value,
    path: `connectionInformation_v1.${id}`,
    at: 'connectionInformation_v1.*',
    hasParents: children.has(id),
  }));
  return { nodes: checkCount(found, 'connectionInformation_v1'), dependencies };
}

function checkCount<T>(nodes: readonly T[], path: string): readonly T[] {
  if (nodes.length <= NODES_MAX) return nodes;
  throw unreadable([{ path, message: `has ${nodes.length} nodes; at most ${NODES_MAX}` }]);
}

function checkId(id: string, path: string): string {
  if (id !== '' && id.length <= ID_LENGTH_MAX) return id;
  const message = id === '' ? 'has a node without an id' : 'has a node id that is too long';
  throw unreadable([{ path, message: `${message}; it has 1 to ${ID_LENGTH_MAX} characters` }]);
}

/** Child to list of parents; all of them, each once. */
function readDependencies(document: JsonRecord): readonly Dependency[] {
  const field = readJsonField(fieldOf(document, 'dependencies'), 'dependencies') ?? {};
  return unique(
    Object.entries(field).flatMap(([child, parents]) =>
      readParents(parents, `dependencies.${child}`).map((parent) => ({
        child: checkId(child, 'dependencies'),
        parent: checkId(parent, `dependencies.${child}`),
      })),
    ),
  );
}

function readParents(value: Json, path: string): readonly string[] {
  if (value === null || value === '') return [];
  const list = typeof value === 'string' ? [value] : value;
  if (!isList(list))
    throw unreadable([{ path, message: `is ${describeJson(value)}, not a list of node ids` }]);
  return list.map((each) => {
    if (typeof each === 'string' || typeof each === 'number') return String(each);
    throw unreadable([{ path, message: `holds ${describeJson(each)}, not the id of a node` }]);
  });
}

function unique(dependencies: readonly Dependency[]): readonly Dependency[] {
  return [
    ...new Map(
      dependencies.map((each) => [JSON.stringify([each.child, each.parent]), each]),
    ).values(),
  ];
}

const CANVAS = 'workflow_diagram';

function fromCanvas(diagram: JsonRecord, reading: Reading): FoundGraph {
  reading.keepUnmapped(CANVAS, except(diagram, ['nodes', 'edges']));
  const edges = listIn(diagram, 'edges').map((value, index) => readEdge(value, index, reading));
  const dependencies = unique(edges);
  const children = new Set(dependencies.map(({ child }) => child));
  const nodes = listIn(diagram, 'nodes').map((value, index) =>
    readCanvasNode(value, `${CANVAS}.nodes[${index}]`, { reading, children }),
  );
  const ids = new Set<string>();
  for (const { id, path } of nodes) {
    if (ids.has(id)) throw unreadable([{ path, message: `is a second node with the id ${id}` }]);
    ids.add(id);
  }
  return { nodes: checkCount(nodes, CANVAS), dependencies };
}

function except(record: JsonRecord, names: readonly string[]): string[] {
  return Object.keys(record).filter((name) => !names.includes(name));
}

function listIn(diagram: JsonRecord, name: string): readonly Json[] {
  const value = fieldOf(diagram, name) ?? [];
  if (isList(value)) return value;
  const path = `${CANVAS}.${name}`;
  throw unreadable([{ path, message: `is ${describeJson(value)}, not a list` }]);
}

function readEdge(value: Json, index: number, reading: Reading): Dependency {
  const path = `${CANVAS}.edges[${index}]`;
  if (!isRecord(value))
    throw unreadable([{ path, message: `is ${describeJson(value)}, not an object` }]);
  reading.keepUnmapped(`${CANVAS}.edges.*`, except(value, ['source', 'target']));
  const [parent, child] = ['source', 'target'].map((name) =>
    checkId(textOf(fieldOf(value, name)), `${path}.${name}`),
  );
  return { child: child ?? '', parent: parent ?? '' };
}

/** `data.config` holds what the older form has in the node itself, or the fields of its database as they are. */
function readCanvasNode(
  value: Json,
  path: string,
  { reading, children }: { readonly reading: Reading; readonly children: ReadonlySet<string> },
): FoundNode {
  if (!isRecord(value))
    throw unreadable([{ path, message: `is ${describeJson(value)}, not an object` }]);
  const at = `${CANVAS}.nodes.*`;
  const id = checkId(textOf(fieldOf(value, 'id')), path);
  const data = readJsonField(fieldOf(value, 'data'), `${path}.data`) ?? {};
  const config = readJsonField(fieldOf(data, 'config'), `${path}.data.config`) ?? {};
  reading.keepUnmapped(at, except(value, ['id', 'type', 'data']));
  reading.keepUnmapped(
    `${at}.data`,
    except(data, ['label', 'nodeType', 'connectorType', 'config']),
  );
  const declared = textOf(fieldOf(data, 'nodeType')) || textOf(fieldOf(value, 'type'));
  return {
    id,
    path: `${path}.data.config`,
    at: `${at}.data.config`,
    declaredKind: declared,
    hasParents: children.has(id),
    value: {
      ...splitConfig(config),
      node_name: fieldOf(data, 'label') ?? id,
      connector_type: fieldOf(data, 'connectorType') ?? '',
    },
  };
}

const DATABASE_FIELDS: ReadonlySet<string> = new Set([
  'host-name',
  'host',
  'port',
  'db',
  'database',
  'schema',
  'table',
  'username',
  'user',
  'password',
  'sql',
  'filter',
  'truncateTable',
]);

function splitConfig(config: JsonRecord): JsonRecord {
  if (Object.hasOwn(config, 'dbDetails')) return config;
  const entries = Object.entries(config);
  const database = entries.filter(([name]) => DATABASE_FIELDS.has(name));
  if (database.length === 0) return config;
  return {
    ...Object.fromEntries(entries.filter(([name]) => !DATABASE_FIELDS.has(name))),
    dbDetails: Object.fromEntries(database),
  };
}
