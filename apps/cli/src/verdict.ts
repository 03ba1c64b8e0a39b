import type { Violation } from '@floe/errors';

/** What is known about a document: by the server, or by this command alone when none answers. */
export type Verdict = {
  readonly checkedBy: 'server' | 'offline';
  readonly errors: readonly Violation[];
  readonly warnings: readonly Violation[];
  readonly taskCount: number;
};
