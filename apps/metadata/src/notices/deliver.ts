import { postWebhook, refused, unavailable, type Outcome } from '@floe/delivery';
import { toFloeError } from '@floe/errors';
import type { Channel, Message } from '@floe/notification';
import { isSecretReference, readSecret } from '../secrets/read-secret.ts';
import { VERSION } from '../version.ts';
import type { Channels } from './context.ts';

/** Tries once to deliver a message. Does not throw: what went wrong is the outcome. */
export async function deliver(
  message: Message,
  channel: Channel,
  channels: Channels,
): Promise<Outcome> {
  try {
    return await deliverBy(message, channel, channels);
  } catch (thrown) {
    // A secret that is missing is put there by a person, and then it works.
    return unavailable(toFloeError(thrown).message);
  }
}

async function deliverBy(message: Message, channel: Channel, channels: Channels): Promise<Outcome> {
  switch (channel.kind) {
    case 'webhook':
      return postHook(message, channel, channels);
    case 'email':
      if (channels.mailer === undefined) {
        return unavailable('FLOE_SMTP_URL is not set for the metadata service');
      }
      return channels.mailer.send(message, channel.to);
    case 'nats':
      return channels.publish({
        subject: channel.subject,
        id: message.id,
        body: JSON.stringify(message.body),
      });
    default:
      return refused('a newer Floe made this rule');
  }
}

async function postHook(
  message: Message,
  channel: Channel & { readonly kind: 'webhook' },
  { webhookHosts }: Channels,
): Promise<Outcome> {
  const url = isSecretReference(channel.url) ? await readSecret(channel.url) : channel.url;
  const secret = channel.secret === undefined ? undefined : await readSecret(channel.secret);
  const hook = {
    url,
    secret,
    idempotencyKey: message.id,
    event: message.body.event,
    body: JSON.stringify(message.body),
  };
  return postWebhook(hook, {
    allowedHosts: webhookHosts,
    userAgent: `Floe/${VERSION}`,
    now: Date.now,
  });
}
