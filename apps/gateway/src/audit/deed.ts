/** A deed that is under way, from the first hook of its request to the end of its answer. */
export type Deed = {
  /** Undefined where no log is kept. */
  readonly auditId: number | undefined;
  readonly object: string;
  /** What the service answered, for what only the answer names. */
  answer: object | undefined;
  /** The code of the error that it was answered with. */
  errorCode: string;
};
