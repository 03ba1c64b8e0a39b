import type { PlaceholderValues } from './placeholders.ts';
import type { NoticeEvent, NoticeRule } from './rule.ts';

/** What is known of the run, or of the slot that nothing started, when a notice is decided. */
export type NoticeFacts = Readonly<Omit<PlaceholderValues, 'event' | 'count'>>;

/** One thing that one rule wants told. */
export type Notice = {
  readonly noticeId: string;
  readonly event: NoticeEvent;
  readonly rule: NoticeRule;
  readonly facts: NoticeFacts;
};

/** How a run ended. */
export type EndState = 'succeeded' | 'failed' | 'cancelled' | 'timed_out';

/** What the end of a run is for those who are told; `before` is how the last run that ended by itself did. */
export function eventsOfEnd(state: EndState, before: EndState | undefined): readonly NoticeEvent[] {
  if (state === 'cancelled') return ['cancelled'];
  if (state !== 'succeeded') return ['failed'];
  return before === 'failed' || before === 'timed_out' ? ['succeeded', 'recovered'] : ['succeeded'];
}
