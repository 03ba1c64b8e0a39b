import { checkFileCycles, checkPackageCycles } from './check-cycles.ts';
import { checkImports } from './check-imports.ts';
import { checkSource } from './check-source.ts';
import { inOrderOfPlace, type Violation } from './violation.ts';
import type { Package, Workspace } from './workspace.ts';

/** All violations of a workspace, in the order of their places. */
export function checkWorkspace(workspace: Workspace): readonly Violation[] {
  const packages = [...workspace.packages.values()];
  return [
    ...packages.flatMap((each) => checkPackage(workspace, each)),
    ...checkPackageCycles(workspace),
  ].toSorted(inOrderOfPlace);
}

function checkPackage(workspace: Workspace, from: Package): Violation[] {
  const ofFiles = from.files.flatMap((file) => [
    ...checkSource(from, file),
    ...checkImports(workspace, from, file),
  ]);
  return [...checkLayerIsKnown(from), ...ofFiles, ...checkFileCycles(from)];
}

/** A folder that only holds documents needs no layer. */
function checkLayerIsKnown({ name, folder, layer, manifest, files }: Package): Violation[] {
  if (layer !== undefined || files.length === 0) return [];
  const isPackage = manifest.startsWith(`${folder}/`);
  return [
    {
      file: isPackage ? manifest : (files[0]?.path ?? folder),
      line: 1,
      what: `${name} has no layer that is known`,
      why: 'what it may import is not decided',
      mend: isPackage
        ? 'set floe.layer to one of tools/boundaries/layers.ts'
        : 'name the folder in tools/boundaries/layers.ts',
    },
  ];
}
