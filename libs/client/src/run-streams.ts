import type { LogEntry, RunUpdate, StreamOptions, TailLogsOptions } from './client.ts';
import { resumeEvents } from './resume-events.ts';
import type { EventSource } from './resume-events.ts';
import type { LogLine, RunEvent, TaskProgress } from './event-types.ts';

type WatchMessage = {
  readonly sequence: string;
  readonly event?: RunEvent;
  readonly progress?: TaskProgress;
};

/** Heartbeats stay inside: they only prove that the connection lives. */
export async function* streamRunUpdates(
  source: EventSource,
  options: StreamOptions,
): AsyncGenerator<RunUpdate, void> {
  for await (const { data } of resumeEvents(source, options)) {
    const message = JSON.parse(data) as WatchMessage;
    if (message.event !== undefined) {
      yield { kind: 'event', sequence: message.sequence, event: message.event };
    } else if (message.progress !== undefined) {
      yield { kind: 'progress', progress: message.progress };
    }
  }
}

/** Of heartbeats of the gateway nothing is told; those of the service are lists without members. */
export async function* streamChangedRuns(
  source: EventSource,
  options: StreamOptions,
): AsyncGenerator<readonly string[], void> {
  for await (const { type, data } of resumeEvents(source, options)) {
    if (type === 'runs') yield (JSON.parse(data) as { readonly runIds: readonly string[] }).runIds;
  }
}

export async function* streamLogEntries(
  source: EventSource,
  options: TailLogsOptions,
): AsyncGenerator<LogEntry, void> {
  for await (const { data } of resumeEvents(source, options)) {
    const message = JSON.parse(data) as { readonly sequence: string; readonly line?: LogLine };
    if (message.line !== undefined) yield { sequence: message.sequence, line: message.line };
  }
}
