/**
 * The spans of one attempt: the consumer span of the executor, and below it those that the worker sent.
 *
 *   T1. Nothing is exported before the attempt has ended, and the consumer span always is: a worker or an attempt that
 *       dies leaves no span without its parent.
 *   T2. A span of the worker is exported only if every span between it and the consumer span is: those that were open
 *       when the worker was killed are missing, and what was below them with them.
 *   T3. The parent of the consumer span is the attempt's own, which the scheduler exports whatever happens here.
 */
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import {
  ATTRIBUTE,
  emitSpan,
  formatTraceparent,
  newSpanId,
  parseTraceparent,
} from '@floe/telemetry';
import type { Attributes, FinishedSpan, TraceContext } from '@floe/telemetry';
import { maskDeep } from './mask-deep.ts';

// A stage of dozens of tasks makes some hundred; more is a loop.
const WORKER_SPANS_MAX = 1_000;
const DESTINATION = 'floe.internal.dispatch';

export type AttemptSpanOptions = {
  readonly lease: AttemptLease;
  readonly attributes: Attributes;
  /** Masked in every span. */
  readonly secrets: ReadonlySet<string>;
};

export class AttemptSpans {
  readonly #options: AttemptSpanOptions;
  readonly #parent: TraceContext | undefined;
  readonly #spanId = newSpanId();
  readonly #startMs = Date.now();
  readonly #workerSpans: FinishedSpan[] = [];

  constructor(options: AttemptSpanOptions) {
    this.#options = options;
    this.#parent = parseTraceparent(options.lease.traceparent);
  }

  /** The parent for spans of the worker; empty when the attempt has no trace. */
  get traceparent(): string {
    if (this.#parent === undefined) return '';
    return formatTraceparent({ ...this.#parent, spanId: this.#spanId });
  }

  /** Keeps a span of the worker. Those above the bound are left out. */
  add(span: FinishedSpan): void {
    if (this.#workerSpans.length < WORKER_SPANS_MAX) this.#workerSpans.push(span);
  }

  /** Exports all (T1). */
  end(attributes: Attributes, status: FinishedSpan['status']): void {
    if (this.#parent === undefined) return;
    const { traceId } = this.#parent;
    const own = this.#workerSpans.filter((span) => span.traceId === traceId);
    const consumer = { ...this.#consumerSpan(this.#parent, attributes), ...(status && { status }) };
    for (const span of [consumer, ...spansBelow(this.#spanId, own)]) {
      emitSpan(maskDeep(span, this.#options.secrets));
    }
  }

  #consumerSpan(parent: TraceContext, attributes: Attributes): FinishedSpan {
    return {
      name: `process ${DESTINATION}`,
      kind: 'consumer',
      ...parent,
      spanId: this.#spanId,
      parentSpanId: parent.spanId,
      startMs: this.#startMs,
      endMs: Date.now(),
      attributes: { ...this.#attributes(), ...attributes },
    };
  }

  #attributes(): Attributes {
    const { lease, attributes } = this.#options;
    return {
      [ATTRIBUTE.messagingSystem]: 'nats',
      [ATTRIBUTE.messagingOperation]: 'process',
      [ATTRIBUTE.messagingOperationType]: 'process',
      [ATTRIBUTE.messagingDestination]: DESTINATION,
      [ATTRIBUTE.runId]: lease.runId,
      [ATTRIBUTE.taskId]: lease.taskId,
      [ATTRIBUTE.taskType]: lease.task?.type,
      [ATTRIBUTE.attempt]: lease.attemptNumber,
      [ATTRIBUTE.epoch]: Number(lease.epoch),
      ...attributes,
    };
  }
}

/** The spans that hang together with the root by parents that are all there. */
export function spansBelow(rootId: string, spans: readonly FinishedSpan[]): FinishedSpan[] {
  const children = Map.groupBy(spans, (span) => span.parentSpanId);
  const found: FinishedSpan[] = [];
  const pending = [rootId];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const below = children.get(id) ?? [];
    // Taken out, so that a circle of parents ends.
    children.delete(id);
    found.push(...below);
    pending.push(...below.map((span) => span.spanId));
  }
  return found;
}
