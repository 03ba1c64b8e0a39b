/**
 * The connections of imported workflows. A password is kept only where people asked for it, in a file of its own that the
 * connection names; otherwise the connection names a variable, and people put it there.
 *
 *   C1. A connection that is there is left as it is: people may have changed it.
 *   C2. A password is in no report, no message and no request.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FloeClient } from '@floe/client';
import { toFloeError } from '@floe/errors';
import type { FoundConnection, LegacyConnection } from '@floe/legacy';
import type { ConnectionReport } from './report.ts';

// Readable by their owner alone, like keys.
const SECRET_MODE = 0o600;
const FOLDER_MODE = 0o700;

export type ConnectionsOptions = {
  /** Undefined for a dry run. */
  readonly client: FloeClient | undefined;
  /** Where passwords are put; undefined to put them nowhere. */
  readonly secretsFolder: string | undefined;
};

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #seen = new Map<string, ConnectionReport>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get reports(): readonly ConnectionReport[] {
    return [...this.#seen.values()];
  }

  /** Makes the connections that are not there yet. */
  async prepare(found: readonly FoundConnection[]): Promise<void> {
    for (const each of found) {
      const known = this.#seen.get(each.connection.name);
      const isFirstPassword = known?.secret === '' && each.password !== undefined;
      if (known !== undefined && !isFirstPassword) continue;
      this.#seen.set(each.connection.name, await this.#prepare(each));
    }
  }

  async #prepare({ connection, password }: FoundConnection): Promise<ConnectionReport> {
    const { secretVariable: _, ...facts } = connection;
    const { client } = this.#options;
    const secret = password === undefined ? '' : this.#referenceOf(connection);
    if (client === undefined)
      return { ...facts, secret, state: isWhole(facts) ? 'planned' : 'missing' };
    const there = await findConnection(client, connection.name);
    if (there !== undefined) return { ...facts, secret: there.secretReference, state: 'there' };
    if (!isWhole(facts))
      return { ...facts, secret: secret || `env:${connection.secretVariable}`, state: 'missing' };
    if (password !== undefined) await this.#keep(connection.name, password);
    await client.setConnection({ ...facts, secretReference: secret });
    return { ...facts, secret, state: 'made' };
  }

  #referenceOf({ name, secretVariable }: LegacyConnection): string {
    const { secretsFolder } = this.#options;
    return secretsFolder === undefined
      ? `env:${secretVariable}`
      : `file:${join(resolve(secretsFolder), name)}`;
  }

  async #keep(name: string, password: string): Promise<void> {
    const { secretsFolder } = this.#options;
    if (secretsFolder === undefined) return;
    await mkdir(secretsFolder, { recursive: true, mode: FOLDER_MODE });
    await writeFile(join(secretsFolder, name), password, { mode: SECRET_MODE });
  }
}

function isWhole({
  host,
  database,
  username,
}: Pick<LegacyConnection, 'host' | 'database' | 'username'>): boolean {
  return host !== '' && database !== '' && username !== '';
}

async function findConnection(client: FloeClient, name: string) {
  try {
    return await client.getConnection(name);
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.category === 'not_found') return undefined;
    throw error;
  }
}
