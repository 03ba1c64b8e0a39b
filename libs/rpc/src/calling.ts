import type { Channels } from './channels.ts';

export type CallOptions = {
  /** Cancels the call; it then fails with CANCELLED. */
  readonly signal?: AbortSignal;
  /** How long the call may take; the client's default when absent. Streams have none unless it is given here. */
  readonly deadlineMs?: number;
  /** Text headers for the server, by lower-case name; it finds them in `call.metadata`. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** What a single call needs to know of its client. */
export type Calling = {
  readonly channels: Channels;
  readonly name: string;
  readonly deadlineMs: number;
  readonly recordsSpans: boolean;
};
