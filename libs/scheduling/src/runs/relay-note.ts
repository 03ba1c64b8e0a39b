import type { ChildEnd } from '@floe/engine';
import type { Parent } from './run-record.ts';

/** What one run makes another do, as the outbox keeps it. `task` and `epoch` are of the run that the row names. */
export type RelayNote =
  | { readonly type: 'start_child'; readonly task: number; readonly epoch: number }
  | {
      readonly type: 'cancel_child';
      readonly task: number;
      readonly epoch: number;
      readonly reason: string;
    }
  | { readonly type: 'tell_parent'; readonly parent: Parent; readonly child: ChildEnd }
  /** A place of a key is free: whoever waits longest may begin. */
  | { readonly type: 'place_freed'; readonly key: string }
  /** A newer run takes the place of this one. */
  | { readonly type: 'make_room'; readonly runId: string; readonly reason: string };
