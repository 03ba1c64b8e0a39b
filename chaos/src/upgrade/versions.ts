/**
 * The two versions of Floe that a chaos changes between, and the link that says which of them is started.
 *
 * As where Floe is installed well: versions lie beside each other, and a link is moved in one step. What runs stays what it
 * was, with all that it starts; what is started from then on is the other version.
 */
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { workspaceRoot } from '@floe/embedded';
import { makeNextVersion } from './next-version.ts';

export type Version = { readonly folder: string; readonly name: string };

export class Versions {
  /** The link that services are started by. */
  readonly link: string;
  readonly #all: readonly [Version, Version];
  #current = 0;

  private constructor(link: string, all: readonly [Version, Version]) {
    this.link = link;
    this.#all = all;
  }

  /** Starts with the checkout at `before`, to go on to this one; without it with this one, to go on to what comes next. */
  static async prepare(folder: string, before: string | undefined): Promise<Versions> {
    const next = join(folder, 'next-version');
    if (before === undefined) await makeNextVersion(workspaceRoot, next);
    const folders = before === undefined ? [workspaceRoot, next] : [before, workspaceRoot];
    const [first, second] = await Promise.all(folders.map(describe));
    const versions = new Versions(join(folder, 'version'), [first!, second!]);
    await versions.#point();
    return versions;
  }

  get current(): Version {
    return this.#all[this.#current]!;
  }

  /** To the newer version, and from there back. */
  async change(): Promise<Version> {
    this.#current = 1 - this.#current;
    await this.#point();
    return this.current;
  }

  /** In one step: a link that is missing for a moment would be found missing. */
  async #point(): Promise<void> {
    await symlink(this.current.folder, `${this.link}.new`);
    await rename(`${this.link}.new`, this.link);
  }
}

async function describe(folder: string): Promise<Version> {
  const text = await readFile(join(folder, 'apps', 'executor', 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return { folder, name: version };
}
