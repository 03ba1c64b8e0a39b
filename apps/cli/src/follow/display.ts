import type { RunView } from './run-view.ts';

/** Shows a run on stderr while it is followed. */
export type Display = {
  show(view: RunView): void;
  /** A sentence for people, beside the progress. */
  remark(text: string): void;
  /** Leaves the last state on the screen and gives the cursor back. */
  end(): void;
};
