import { posix } from 'node:path';
import { findCycles, type Cycle, type Edge } from './find-cycles.ts';
import type { Violation } from './violation.ts';
import { packageNameOf, type Package, type Workspace } from './workspace.ts';

/** Between packages an import of a type or in a test counts as well: they are built and tested in an order. */
export function checkPackageCycles(workspace: Workspace): Violation[] {
  const edges = [...workspace.packages.values()].flatMap((each) => packageEdges(workspace, each));
  return findCycles(oneForEachPair(edges)).map((cycle) =>
    toViolation(cycle, 'packages that import each other cannot be understood or built one by one'),
  );
}

/** Within a package, too: files whose types need each other can only be read together. */
export function checkFileCycles(from: Package): Violation[] {
  return findCycles(oneForEachPair(fileEdges(from))).map((cycle) =>
    toViolation(cycle, 'files that import each other can only be read and moved together'),
  );
}

function packageEdges(workspace: Workspace, from: Package): Edge[] {
  return from.files.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      const name = packageNameOf(specifier ?? '.');
      if (name === undefined || name === from.name || !workspace.packages.has(name)) return [];
      return [{ from: from.name, to: name, file: path, line }];
    }),
  );
}

function fileEdges(from: Package): Edge[] {
  return from.files.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      if (specifier?.startsWith('.') !== true) return [];
      return [{ from: path, to: posix.join(posix.dirname(path), specifier), file: path, line }];
    }),
  );
}

function oneForEachPair(edges: readonly Edge[]): Edge[] {
  return [
    ...new Map(edges.toReversed().map((edge) => [`${edge.from} ${edge.to}`, edge])).values(),
  ].toReversed();
}

function toViolation(cycle: Cycle, why: string): Violation {
  const [first] = cycle;
  const last = cycle.at(-1);
  if (first === undefined || last === undefined) throw new Error('a cycle has at least one edge');
  return {
    file: last.file,
    line: last.line,
    what: `closes a cycle, ${[first.from, ...cycle.map(({ to }) => to)].join(' → ')}`,
    why,
    mend: 'move what both need into a third, or turn one import around',
  };
}
