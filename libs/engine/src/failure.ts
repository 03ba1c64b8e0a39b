/** Why something did not succeed, in the words of the error catalogue. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly taskId?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly hint?: string;
};
