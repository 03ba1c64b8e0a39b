import type { Lineage, LineageEdge } from '@floe/client';
import type { Colors } from '../terminal.ts';
import { formatCount } from './amounts.ts';
import { printable } from './printable.ts';

/** An answer and the direction in which it was asked for. */
export type LineageAnswer = { readonly up: Lineage } | { readonly down: Lineage };

/** The lines of answers, each a tree whose root is what was asked about. */
export function renderLineage(
  answers: readonly LineageAnswer[],
  colors: Colors,
): readonly string[] {
  return answers.flatMap((answer, index) => [
    ...(index === 0 ? [] : ['']),
    ...('up' in answer
      ? renderOne(answer.up, { isUp: true, colors })
      : renderOne(answer.down, { isUp: false, colors })),
  ]);
}

type Drawing = { readonly isUp: boolean; readonly colors: Colors };

type Tree = Drawing & {
  readonly edges: readonly LineageEdge[];
  readonly nameOf: (dataset: string) => string;
  /** Nodes on the way from the root, and those that were drawn with all that follows. */
  readonly drawn: Set<string>;
};

type Node = { readonly dataset: string; readonly column: string };

function renderOne(lineage: Lineage, drawing: Drawing): readonly string[] {
  const { colors, isUp } = drawing;
  const tree = {
    ...drawing,
    edges: lineage.edges,
    nameOf: shortNames(lineage),
    drawn: new Set<string>(),
  };
  const root = { dataset: lineage.dataset, column: lineage.column };
  const title = `${labelOf(root, tree)} ${isUp ? 'comes from' : 'is used by'}`;
  const loads = isUp ? loadLines(lineage, colors) : [];
  if (lineage.edges.length === 0)
    return [`${colors.bold(title)} nothing that an applied workflow says`, ...loads];
  const note = lineage.truncated
    ? [colors.yellow('There is more: ask with a smaller --depth, or about one of the columns.')]
    : [];
  return [colors.bold(title), ...branches(root, tree, ''), ...note, ...loads];
}

/** Who wrote it last, by each task that writes it. */
function loadLines({ loads }: Lineage, colors: Colors): readonly string[] {
  return loads.map(({ workflowName, taskId, runId, loadTime, rows }) => {
    const by = `${workflowName}, task ${taskId}`;
    if (runId === '') return colors.dim(`${by} has not loaded it yet`);
    return colors.dim(`loaded by ${by} at ${loadTime}: ${formatCount(rows)} rows, run ${runId}`);
  });
}

/** Values first, then what only decides; equal lines once. */
function branches(node: Node, tree: Tree, indent: string): readonly string[] {
  const next = nextEdges(node, tree);
  return next.flatMap((edge, index) => {
    const isLast = index === next.length - 1;
    const child = farEnd(edge, tree.isUp);
    const key = JSON.stringify(child);
    const isDrawn = tree.drawn.has(key);
    tree.drawn.add(key);
    const own = lineOf(edge, node, tree);
    const line = `${indent}${isLast ? '└─' : '├─'} ${own}`;
    if (child.dataset === '') return [line];
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    if (!isDrawn) return [line, ...branches(child, tree, below)];
    return [nextEdges(child, tree).length === 0 ? line : `${line} ${tree.colors.dim('(above)')}`];
  });
}

function nextEdges(node: Node, { edges, isUp }: Tree): readonly LineageEdge[] {
  const isNear = (edge: LineageEdge): boolean => {
    const near = isUp
      ? { dataset: edge.toDataset, column: edge.toColumn }
      : { dataset: edge.fromDataset, column: edge.fromColumn };
    if (near.dataset !== node.dataset) return false;
    return near.column === '' || node.column === '' || near.column === node.column;
  };
  const order = (edge: LineageEdge) => (edge.kind === 'value' ? 0 : 1);
  return edges.filter(isNear).toSorted((a, b) => order(a) - order(b));
}

function farEnd(edge: LineageEdge, isUp: boolean): Node {
  return isUp
    ? { dataset: edge.fromDataset, column: edge.fromColumn }
    : { dataset: edge.toDataset, column: edge.toColumn };
}

function lineOf(edge: LineageEdge, node: Node, tree: Tree): string {
  const { colors, isUp } = tree;
  const near = isUp ? edge.toColumn : edge.fromColumn;
  // Of a whole table it has to be said which of its columns a line is about.
  const about = node.column === '' && near !== '' ? `${printable(near)} ${isUp ? '←' : '→'} ` : '';
  const how = [howOf(edge), ...(edge.masked ? ['masked'] : [])].join(', ');
  const doubt = edge.certainty === 'exact' ? '' : ` ${colors.yellow(`? ${edge.certainty}`)}`;
  const by = colors.dim(`${edge.workflowName} v${edge.workflowVersion}, task ${edge.taskId}`);
  const end = farEnd(edge, isUp);
  const isNowhere = end.dataset === '' && edge.certainty === 'exact';
  const label = isNowhere ? '(no table or file)' : labelOf(end, tree);
  return `${about}${label}  ${how}${doubt}  ${by}`;
}

function howOf({ kind, transformation }: LineageEdge): string {
  if (kind !== 'value') return kind;
  return (
    { identity: 'as it is', transformation: 'computed', aggregation: 'aggregated' }[
      transformation
    ] ?? transformation
  );
}

function labelOf({ dataset, column }: Node, { nameOf }: Pick<Tree, 'nameOf'>): string {
  if (dataset === '') return '(not known)';
  return printable(column === '' ? nameOf(dataset) : `${nameOf(dataset)}.${column}`);
}

/** Names without the server, unless two servers have a table of the same name. */
function shortNames({ edges, dataset }: Lineage): (dataset: string) => string {
  const all = new Set([dataset, ...edges.flatMap((edge) => [edge.fromDataset, edge.toDataset])]);
  const byShort = Map.groupBy(all, shortName);
  return (uri) => (byShort.get(shortName(uri))?.length === 1 ? shortName(uri) : uri);
}

function shortName(uri: string): string {
  if (uri.startsWith('postgres://')) return uri.split('/').slice(4).join('/');
  return uri.replace(/^(floe:\/\/|file:)/, '');
}
