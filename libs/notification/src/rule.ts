/** What people can be told about. */
export const NOTICE_EVENTS = ['failed', 'succeeded', 'cancelled', 'recovered', 'late'] as const;

export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** The way to the people or programs that are told. */
export type Channel =
  | {
      readonly kind: 'webhook';
      /** An http or https address, or a reference to a secret that holds one. */
      readonly url: string;
      /** Reference to the key that requests are signed with. */
      readonly secret?: string;
    }
  | { readonly kind: 'email'; readonly to: readonly string[] }
  | { readonly kind: 'nats'; readonly subject: string };

/** Who is told of which events, and in which words. */
export type NoticeRule = {
  /** Of its own within a workflow. */
  readonly name: string;
  readonly on: readonly NoticeEvent[];
  /** How long after it was due or asked for a run counts as late; there when `on` holds `late`. */
  readonly lateAfterMs?: number;
  readonly channel: Channel;
  /** A template of one line; absent: words of Floe. */
  readonly subject?: string;
  /** A template; absent: words of Floe. */
  readonly text?: string;
};
