import type { StreamEvent } from '../routes/route.ts';
import { writeJson } from './write-json.ts';

/** A server-sent event as it goes out. */
export function writeEvent({ type, id, data, text }: StreamEvent): string {
  if (text !== undefined) return text;
  const number = id === undefined ? '' : `id: ${id}\n`;
  return `${number}event: ${type}\ndata: ${writeJson(data)}\n\n`;
}
