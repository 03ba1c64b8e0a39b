import type { Story } from '../world/story.ts';

type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export type ActorLog = Readonly<Record<'debug' | 'info' | 'warn' | 'error', LogMethod>>;

/** What production code logs becomes part of the story. */
export function logFor(story: Story, who: string): ActorLog {
  if (!story.isKept) return SILENT;
  const tell: LogMethod = (fields, message) => story.tell(who, `${message}${describe(fields)}`);
  return { debug: tell, info: tell, warn: tell, error: tell };
}

const nothing: LogMethod = () => {};
const SILENT: ActorLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function describe({ err, ...fields }: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
  if (err instanceof Error) words.push(` (${err.message})`);
  return words.join('');
}
