import { createHash } from 'node:crypto';
import type { Channel } from '@floe/notification';
import { canonicalJson } from '@floe/workflow';

/** Rules with the same channel share a destination, and with it its pace. */
export function destinationOf(channel: Channel): string {
  const digest = createHash('sha256').update(canonicalJson(channel)).digest('hex');
  return `${channel.kind}:${digest.slice(0, 32)}`;
}
