import { openTarget, type TargetSession } from '@floe/database';
import type { Endpoints } from '@floe/embedded';
import { databaseAddress } from './database-address.ts';

/** A session in the database where Floe keeps its runs, to look at what it recorded. */
export async function openControl(endpoints: Endpoints): Promise<TargetSession> {
  const address = await databaseAddress(endpoints);
  const { controlDatabase: database } = endpoints.postgres;
  const options = { applicationName: 'floe:bench', statementTimeoutMs: 0 };
  return openTarget({ ...address, database }, options);
}

/** Makes an empty database beside Floe's own, on the same server, and says how to reach it. */
export async function createPeerDatabase(endpoints: Endpoints, name: string): Promise<string> {
  const { host, port, user, password } = await databaseAddress(endpoints);
  await using session = await openControl(endpoints);
  await session.query(`create database ${name}`);
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}`;
  return `postgres://${account}@${host}:${port}/${name}`;
}
