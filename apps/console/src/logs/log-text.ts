import type { LogEntry } from '@floe/client';

/** The fields of a line behind its message: ` rows=3 path=a.csv`. */
export function fieldsOf({ line }: LogEntry): string {
  return Object.entries(line.fields ?? {})
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
}

/** A line as text, to be copied or kept. */
export function logText(entry: LogEntry): string {
  const { line } = entry;
  const attempt = line.attempt > 1 ? ` #${line.attempt}` : '';
  return `${line.time ?? ''} ${line.level} ${line.taskId}${attempt} ${line.message}${fieldsOf(entry)}`;
}
