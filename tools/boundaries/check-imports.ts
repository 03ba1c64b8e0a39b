import { posix } from 'node:path';
import { driverOf, mayUseDriver, mayImportComputed } from './exceptions.ts';
import { layersBelow, mayImport } from './layers.ts';
import type { Import } from './read-imports.ts';
import type { Violation } from './violation.ts';
import { packageNameOf, type Package, type SourceFile, type Workspace } from './workspace.ts';

/** The one file outside of a package that its files may import, from the vitest.config.ts alone. It is of the tools itself. */
const SHARED_CONFIGURATION = 'vitest.shared.ts';

type Place = {
  readonly workspace: Workspace;
  readonly from: Package;
  readonly file: SourceFile;
  readonly line: number;
};

/** Judges each import of a file by what it names: a path, a package of the workspace, or a package of npm. */
export function checkImports(workspace: Workspace, from: Package, file: SourceFile): Violation[] {
  return file.imports.flatMap((each) =>
    checkImport({ workspace, from, file, line: each.line }, each),
  );
}

function checkImport(place: Place, { specifier }: Import): Violation[] {
  if (specifier === undefined) return mayImportComputed(place.file.path) ? [] : [computed(place)];
  if (specifier.startsWith('node:')) return checkBuiltin(place, specifier);
  const name = packageNameOf(specifier);
  if (name === undefined) return checkPath(place, specifier);
  if (name === place.from.name) return [ownName(place, name)];
  return [...checkLayer(place, name), ...checkDriver(place, name), ...checkDeclared(place, name)];
}

function computed(place: Place): Violation {
  return violation(place, {
    what: 'imports a computed name',
    why: 'what it imports cannot be checked',
    mend: 'write the name as a string literal',
  });
}

function ownName(place: Place, name: string): Violation {
  return violation(place, {
    what: `imports ${name}, its own package`,
    why: 'the door of a package is for others and makes cycles inside',
    mend: 'import the file by its path',
  });
}

function checkBuiltin(place: Place, specifier: string): Violation[] {
  const { from, file } = place;
  if (from.layer !== 'pure' || file.kind !== 'source') return [];
  const why = 'a pure package has no clock, no I/O and no randomness of its own';
  const mend = 'take the value as an argument, or move this to the package that calls it';
  return [violation(place, { what: `imports ${specifier}`, why, mend })];
}

function checkPath(place: Place, specifier: string): Violation[] {
  const target = posix.join(posix.dirname(place.file.path), specifier);
  const isConfiguration = posix.basename(place.file.path) === 'vitest.config.ts';
  if (isConfiguration && target === SHARED_CONFIGURATION) return [];
  if (place.file.path === SHARED_CONFIGURATION && isWithin('tools', target)) return [];
  if (specifier.startsWith('.') && isWithin(place.from.folder, target)) return [];
  return [
    violation(place, {
      what: `imports ${specifier}`,
      why: `the path leaves the package ${place.from.name}`,
      mend: "import what the other package exports, by the package's name",
    }),
  ];
}

/** The root has files of its own only; each of its folders is another package. */
function isWithin(folder: string, path: string): boolean {
  return folder === '.' ? !path.includes('/') : path.startsWith(`${folder}/`);
}

function checkLayer(place: Place, name: string): Violation[] {
  const { workspace, from, file } = place;
  const to = workspace.packages.get(name);
  if (to?.layer === undefined || from.layer === undefined) return [];
  if (to.layer === 'test') return file.kind === 'test' ? [] : [testOnly(place, name)];
  if (mayImport({ name: from.name, layer: from.layer }, { name, layer: to.layer })) return [];
  return [
    violation(place, {
      what: `imports ${name}, a package of the layer ${to.layer}`,
      why: `${from.name} is of the layer ${from.layer}, which may import: ${layersBelow(from.layer)}`,
      mend: 'move the code to the layer that may, or pass in what is needed',
    }),
  ];
}

function testOnly(place: Place, name: string): Violation {
  return violation(place, {
    what: `imports ${name}`,
    why: 'it starts servers for tests and is not part of the product',
    mend: 'use it in *.test.ts, below test/ or in e2e only',
  });
}

function checkDriver(place: Place, name: string): Violation[] {
  const { from, file } = place;
  const driver = driverOf(name);
  if (driver === undefined || mayUseDriver(driver, from.name, file.path)) return [];
  const why = `only ${driver.owner} uses this driver`;
  return [violation(place, { what: `imports ${name}`, why, mend: `call ${driver.owner} instead` })];
}

function checkDeclared(place: Place, name: string): Violation[] {
  const { workspace, from, file } = place;
  if (from.dependencies.has(name)) return [];
  const isDevelopment = file.kind !== 'source';
  const forDevelopment = [from.devDependencies, workspace.sharedDevDependencies];
  if (isDevelopment && forDevelopment.some((names) => names.has(name))) return [];
  const field = isDevelopment ? 'devDependencies' : 'dependencies';
  return [
    violation(place, {
      what: `imports ${name}`,
      why: `${from.manifest} does not declare it, so it is found by luck`,
      mend: `add it to the ${field} of ${from.manifest}`,
    }),
  ];
}

function violation(place: Place, words: Pick<Violation, 'what' | 'why' | 'mend'>): Violation {
  return { file: place.file.path, line: place.line, ...words };
}
