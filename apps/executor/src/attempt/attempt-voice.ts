/**
 * What is heard of one attempt: the lines of its log and its spans, with every secret masked.
 *
 *   V1. A password reaches the work and nothing else.
 *   V2. Spans are made only when somebody takes them; lines only when there is something to say.
 */
import type { LogLineLevel } from '@floe/bus';
import type { Outcome, Progress } from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import { ATTRIBUTE } from '@floe/telemetry';
import type { FinishedSpan } from '@floe/telemetry';
import type { AttemptDependencies } from './attempt-dependencies.ts';
import { AttemptLog } from './attempt-log.ts';
import { AttemptSpans } from './attempt-spans.ts';
import { describeEnd } from './describe-end.ts';
import { maskDeep } from './mask-deep.ts';

export class AttemptVoice {
  readonly startedAtMs = Date.now();
  readonly #deps: AttemptDependencies;
  readonly #lease: AttemptLease;
  readonly #spans: AttemptSpans | undefined;
  #openedLog: AttemptLog | undefined;

  constructor(deps: AttemptDependencies, lease: AttemptLease) {
    this.#deps = deps;
    this.#lease = lease;
    this.#spans = deps.makesSpans ? this.#createSpans() : undefined;
  }

  /** The parent for spans of the work; empty when none are wanted. */
  get traceparent(): string {
    return this.#spans?.traceparent ?? '';
  }

  addSpan(span: FinishedSpan): void {
    this.#spans?.add(span);
  }

  /** A line of the task or its worker; bounded. */
  write(level: LogLineLevel, message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#log.write(level, message, fields);
  }

  /** A line of the executor. */
  announce(level: LogLineLevel, message: string): void {
    this.#log.announce(level, message);
  }

  /** Writes the last line, unless it is only that a light task did what it does. */
  conclude(outcome: Outcome, { isQuiet }: { readonly isQuiet: boolean }): Outcome {
    const hasFailed = outcome.kind !== 'succeeded' || outcome.result.failedItems.length > 0;
    const masked = hasFailed ? maskDeep(outcome, this.#deps.connections.secrets) : outcome;
    if (!isQuiet || hasFailed) {
      const { level, text } = describeEnd(masked, Date.now() - this.startedAtMs);
      this.announce(level, text);
      // Whoever waits for the end also wants to read why.
      this.#deps.logs.flush();
    }
    return masked;
  }

  endSpans(outcome: Outcome | undefined, { rows, bytes }: Progress): void {
    const attributes = { [ATTRIBUTE.rows]: rows, [ATTRIBUTE.bytes]: bytes };
    this.#spans?.end(attributes, spanStatus(outcome));
  }

  get #log(): AttemptLog {
    this.#openedLog ??= new AttemptLog({
      runId: this.#lease.runId,
      taskId: this.#lease.taskId,
      attempt: this.#lease.attemptNumber,
      secrets: this.#deps.connections.secrets,
      write: (line) => this.#deps.logs.write(line),
      now: Date.now,
    });
    return this.#openedLog;
  }

  #createSpans(): AttemptSpans {
    const { executorId, pool, connections } = this.#deps;
    const attributes = { [ATTRIBUTE.executorId]: executorId, [ATTRIBUTE.pool]: pool };
    return new AttemptSpans({ lease: this.#lease, attributes, secrets: connections.secrets });
  }
}

function spanStatus(outcome: Outcome | undefined): FinishedSpan['status'] {
  switch (outcome?.kind) {
    case 'succeeded':
      return { code: 'ok' };
    case 'failed': {
      const { code, message } = outcome.failure;
      return { code: 'error', message: `${code}: ${message}` };
    }
    case 'handed_back':
      return { code: 'error', message: `handed back: ${outcome.reason}` };
    case undefined:
      return { code: 'error', message: 'the lease was lost' };
  }
}
