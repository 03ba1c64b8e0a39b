import type { Import } from './read-imports.ts';
import type { Layer } from './layers.ts';

export type SourceFile = {
  /** From the root of the workspace, with `/`. */
  readonly path: string;
  readonly kind: 'source' | 'test' | 'tooling';
  readonly text: string;
  /** The text without comments and the insides of literals, at the same indexes. */
  readonly code: string;
  /** Where a comment or template starts that never ends. */
  readonly openAt: number | undefined;
  readonly imports: readonly Import[];
};

export type Package = {
  readonly name: string;
  /** From the root of the workspace; '.' for the files of the root itself. */
  readonly folder: string;
  readonly layer: Layer | undefined;
  /** The package.json that counts for the files of the package. */
  readonly manifest: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  readonly files: readonly SourceFile[];
};

export type Workspace = {
  readonly packages: ReadonlyMap<string, Package>;
  /** devDependencies of the root, which tests and configuration of all packages share. */
  readonly sharedDevDependencies: ReadonlySet<string>;
};

/** `@floe/rpc/contracts` → `@floe/rpc`; undefined for a path and for what Node has built in. */
export function packageNameOf(specifier: string): string | undefined {
  if (/^(?:[./]|node:|file:)/.test(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
