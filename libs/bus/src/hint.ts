import type { JsMsg } from '@nats-io/jetstream';
import { countOf, parseRecord, textOf } from './json-record.ts';

/** "This attempt is ready": three ids. What is to be done is learned by claiming it. */
export type DispatchHint = {
  readonly pool: string;
  readonly priority: number;
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  /** Makes a repeated publish harmless: the same id within two minutes is stored once. */
  readonly messageId: string;
  /** Parent of the publish span, usually the span of the task. */
  readonly traceparent?: string;
};

/** A hint as an executor got it. Exactly one of `ack`, `retryLater` and `discard` should follow within 10 s. */
export type ReceivedHint = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  /** The publish span, for a link. */
  readonly traceparent: string | undefined;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  /** Claimed, or refused for good: the hint is done. */
  ack(): void;
  /** The claim could not be decided: deliver again after this time. */
  retryLater(delayMs: number): void;
  /** The hint is wrong and must not come back. */
  discard(reason: string): void;
};

export function encodeHint(hint: DispatchHint): string {
  return JSON.stringify({ run_id: hint.runId, task_id: hint.taskId, epoch: hint.epoch });
}

/** Reads a message of the dispatch stream; undefined when it is no hint. */
export function decodeHint(message: JsMsg): ReceivedHint | undefined {
  const payload = parseRecord(message.string());
  const runId = textOf(payload?.['run_id']);
  const taskId = textOf(payload?.['task_id']);
  const epoch = countOf(payload?.['epoch']);
  if (runId === undefined || taskId === undefined || epoch === undefined) return undefined;
  return {
    runId,
    taskId,
    epoch,
    traceparent: textOf(message.headers?.get('traceparent')),
    deliveryCount: message.info.deliveryCount,
    ack: () => message.ack(),
    retryLater: (delayMs) => message.nak(delayMs),
    discard: (reason) => message.term(reason),
  };
}
