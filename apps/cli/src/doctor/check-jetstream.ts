/** What a greeting does not tell of NATS: whether it loses nothing, has room, and whether those who read keep up. */
import { readFile } from 'node:fs/promises';
import { toFloeError } from '@floe/errors';
import { silentLog } from '../silent-log.ts';
import type { Nats } from '../server/find-nats.ts';
import { failed, warning, type Finding } from './check.ts';
import { judgeLags, judgeStore, judgeSync, type StoreFacts } from './judge-jetstream.ts';

export type JetStreamPlace = Nats & {
  /** Where nats-server tells of itself over HTTP (`http:` of its configuration). */
  readonly monitorUrl?: string | undefined;
  /** The configuration of a server of this machine. */
  readonly configFile?: string;
};

// A server on the way answers within milliseconds.
const ANSWER_WITHIN_MS = 3_000;

export async function checkJetStream(place: JetStreamPlace): Promise<readonly Finding[]> {
  return [...(await checkStore(place)), await checkConsumers(place)];
}

async function checkStore({ monitorUrl, configFile }: JetStreamPlace): Promise<readonly Finding[]> {
  if (configFile !== undefined) return [judgeSync(syncsAlways(await readFile(configFile, 'utf8')))];
  if (monitorUrl === undefined || monitorUrl === '') return [judgeSync(undefined)];
  try {
    const facts = await readStore(monitorUrl);
    return [judgeSync(facts.syncsAlways), judgeStore(facts)];
  } catch (thrown) {
    const mend =
      'Correct FLOE_NATS_MONITOR_URL, or let nats-server listen there: http: in its configuration.';
    return [warning('jetstream', toFloeError(thrown).message, mend)];
  }
}

function syncsAlways(configuration: string): boolean {
  return /^\s*sync_interval:\s*"?always/m.test(configuration);
}

type Monitored = {
  readonly storage?: number;
  readonly config?: { readonly sync_always?: boolean; readonly max_storage?: number };
};

async function readStore(monitorUrl: string): Promise<StoreFacts> {
  const url = new URL('/jsz?config=true', monitorUrl);
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new Error(`${url.href} answers ${response.status}`);
  const { storage = 0, config = {} } = (await response.json()) as Monitored;
  const { sync_always: syncs = false, max_storage: max = 0 } = config;
  return { syncsAlways: syncs, storedBytes: storage, storedBytesMax: max };
}

async function checkConsumers({ urls, access }: JetStreamPlace): Promise<Finding> {
  const { connectBus } = await import('@floe/bus');
  try {
    await using bus = await connectBus({
      urls,
      access,
      name: 'floe-cli',
      log: silentLog(),
      connectWithinMs: ANSWER_WITHIN_MS,
    });
    return judgeLags(await bus.readLags());
  } catch (thrown) {
    const { message } = toFloeError(thrown);
    const mend =
      'Let the user of FLOE_NATS_CREDENTIALS look at streams and consumers; a scheduler makes those that are missing.';
    return failed('consumers', message, mend);
  }
}
