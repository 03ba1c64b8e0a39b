/** Notices, for as long as the service runs: deciding, sending and forgetting, each a duty. Any number may share the work. */
import { connectBus, type Bus } from '@floe/bus';
import { openMailer, unavailable } from '@floe/delivery';
import { toFloeError } from '@floe/errors';
import { startDuty, type FloeEnvironment } from '@floe/service';
import { forgetNotices } from '../store/notices/ledger.ts';
import { EVERY_WORKFLOW, putRules } from '../store/notices/rules.ts';
import type { Channels, NoticeContext } from './context.ts';
import { decideEnds } from './decide-ends.ts';
import { decideLate } from './decide-late.ts';
import { readInstallationRules } from './installation-rules.ts';
import {
  FORGET_COUNT_MAX,
  FORGET_EVERY_MS,
  KEEP_DAYS,
  LATE_EVERY_MS,
  LOOK_EVERY_MS,
  SENDERS,
  TURNS_PER_PASS,
} from './limits.ts';
import { sendTurn } from './send-turn.ts';

// A NATS that is away is tried again with the next turn, and nobody waits longer for it than for a webhook.
const CONNECT_WITHIN_MS = 5_000;

/** Begins once the rules for all workflows are stored. Throws CONFIGURATION_INVALID when they are wrong. */
export async function startNotices(
  context: NoticeContext,
  environment: FloeEnvironment,
): Promise<AsyncDisposable> {
  const rules = await readInstallationRules(environment.noticesFile);
  await putRules(context.db, EVERY_WORKFLOW, rules);
  await using owned = new AsyncDisposableStack();
  const channels = owned.use(openChannels(context, environment));
  const duty = (name: string, everyMs: number, run: (signal: AbortSignal) => Promise<void>) =>
    owned.use(startDuty({ name, everyMs, run, onError: (error) => tell(context, name, error) }));
  for (let sender = 1; sender <= SENDERS; sender += 1)
    duty('send notices', LOOK_EVERY_MS, (signal) => sendAll(context, channels, signal));
  duty('decide about ends', LOOK_EVERY_MS, (signal) => decideAll(context, signal));
  duty('look for what is late', LATE_EVERY_MS, () => decideLate(context));
  duty('forget notices', FORGET_EVERY_MS, () =>
    forgetNotices(context.db, KEEP_DAYS, FORGET_COUNT_MAX),
  );
  return owned.move();
}

function tell({ log }: NoticeContext, duty: string, error: Error): void {
  log.warn({ err: error, duty }, `duty failed and will be tried again: ${error.message}`);
}

async function sendAll(
  context: NoticeContext,
  channels: Channels,
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; turn < TURNS_PER_PASS && !signal.aborted; turn += 1) {
    if (!(await sendTurn(context, channels))) return;
  }
}

async function decideAll(context: NoticeContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await decideEnds(context)));
}

function openChannels(
  { log }: NoticeContext,
  environment: FloeEnvironment,
): Channels & AsyncDisposable {
  const { smtpUrl, mailFrom, webhookHosts = [], natsUrls, natsAccess } = environment;
  const mailer = smtpUrl === undefined ? undefined : openMailer({ url: smtpUrl, from: mailFrom });
  // With the first notice: who sends none needs no NATS. One connection for all senders.
  let connecting: Promise<Bus> | undefined;
  const connect = (urls: readonly string[]): Promise<Bus> => {
    connecting ??= connectBus({
      urls,
      access: natsAccess,
      name: 'floe-metadata',
      log,
      connectWithinMs: CONNECT_WITHIN_MS,
    }).catch((thrown: unknown) => {
      connecting = undefined;
      throw thrown;
    });
    return connecting;
  };
  return {
    mailer,
    webhookHosts,
    async publish(notice) {
      if (natsUrls === undefined) {
        return unavailable('FLOE_NATS_URL is not set for the metadata service');
      }
      try {
        await (await connect(natsUrls)).publishNotice(notice);
        return { kind: 'delivered' };
      } catch (thrown) {
        return unavailable(toFloeError(thrown).message);
      }
    },
    async [Symbol.asyncDispose]() {
      mailer?.close();
      await (await connecting?.catch(() => undefined))?.stop();
    },
  };
}
