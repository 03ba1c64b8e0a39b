/** How attempts end, as the scheduler is told. */

/** Why an attempt failed. */
export type AttemptFailure = {
  /** A code of the error catalogue. */
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  readonly hint?: string;
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
};

/** One of several items of an attempt. */
export type FailedItem = { readonly index: number; readonly failure: AttemptFailure };

export type AttemptResult = {
  readonly rows: number;
  readonly bytes: number;
  /** Empty when the task makes no dataset. */
  readonly datasetJson: string;
  /** Of an attempt with items, those that failed; all others succeeded. */
  readonly failedItems: readonly FailedItem[];
  /** Of an attempt that was to rule out a load: it has. Else the load had taken effect before. */
  readonly isVoid?: boolean;
  /** Nobody has counted the rows. */
  readonly hasUncountedRows?: boolean;
  /** What became of the tasks that it carried out besides its own, in their order, up to the first that failed. */
  readonly followers?: readonly FollowerOutcome[];
};

export type FollowerOutcome = { readonly taskId: string } & (
  | { readonly kind: 'succeeded'; readonly result: AttemptResult }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure }
);

/** What ended an attempt that failed: the task itself, a cancel, the death of its worker, its timeout. */
export type FailureCause = 'task' | 'cancelled' | 'lost' | 'timed_out';

export type Outcome =
  | { readonly kind: 'succeeded'; readonly result: AttemptResult }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure; readonly cause: FailureCause }
  /** The executor drains; the attempt goes back without a charge. */
  | { readonly kind: 'handed_back'; readonly reason: string };

/**
 * What became of an outcome. `unknown`: no answer came while the lease was held, so it may count or not. `lost`: the
 * lease was gone before there was an outcome, and nobody was told any.
 */
export type Settlement = 'accepted' | 'refused' | 'unknown' | 'lost';

/** About how long an outcome is when it is written down. */
export function charactersIn(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'succeeded':
      return charactersOfResult(outcome.result);
    case 'failed':
      return charactersOf(outcome.failure);
    case 'handed_back':
      return outcome.reason.length;
  }
}

function charactersOfResult({ datasetJson, failedItems, followers = [] }: AttemptResult): number {
  const sizes = [
    ...failedItems.map(({ failure }) => charactersOf(failure)),
    ...followers.map((follower) =>
      follower.kind === 'failed'
        ? charactersOf(follower.failure)
        : charactersOfResult(follower.result),
    ),
  ];
  return sizes.reduce((sum, each) => sum + each, datasetJson.length);
}

function charactersOf({ code, message, details, hint = '' }: AttemptFailure): number {
  const texts = [code, message, hint, ...Object.entries(details).flat()];
  return texts.reduce((sum, text) => sum + text.length, 0);
}
