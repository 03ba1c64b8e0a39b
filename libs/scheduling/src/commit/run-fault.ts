/** A run that cannot be read or decided: a bug or a broken row, and nobody else's trouble. */
export class RunFault extends Error {
  override readonly name = 'RunFault';
  readonly runId: string;

  constructor(runId: string, cause: unknown) {
    super(`run ${runId} cannot be decided`, { cause });
    this.runId = runId;
  }
}

/** Does something about one run; whatever it throws is that run's fault. */
export function blaming<Result>(runId: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new RunFault(runId, error);
  }
}
