import { currentTrace, withTraceparent } from '@floe/telemetry/current-context';
import { formatTraceparent, newSpanId, parseTraceparent } from '@floe/telemetry/trace-context';
import type { Attributes, FinishedSpan } from '@floe/telemetry';
import { toFailure } from './to-failure.ts';

export type SpanRecording = {
  /** Parent of spans that are opened outside of any other. */
  readonly root: string;
  /** Gets each span when it has ended. */
  readonly emit: (span: FinishedSpan) => void;
};

export type SpanHead = {
  readonly name: string;
  readonly attributes: Attributes;
  readonly kind?: FinishedSpan['kind'];
};

/**
 * Runs the body inside a span that the supervisor will export: the worker has no exporter, so that nothing of it can
 * wait for a collector. Without a valid root nothing is recorded.
 */
export async function recordSpan<Result>(
  recording: SpanRecording,
  { name, attributes: known, kind = 'internal' }: SpanHead,
  body: (traceparent: string | undefined, note: (more: Attributes) => void) => Promise<Result>,
): Promise<Result> {
  const attributes = { ...known };
  const note = (more: Attributes) => void Object.assign(attributes, more);
  const parent = currentTrace() ?? parseTraceparent(recording.root);
  if (parent === undefined) return body(undefined, note);
  const own = { ...parent, spanId: newSpanId() };
  const startMs = performance.timeOrigin + performance.now();
  const end = (status: FinishedSpan['status']) =>
    recording.emit({
      name,
      kind,
      ...own,
      parentSpanId: parent.spanId,
      startMs,
      endMs: performance.timeOrigin + performance.now(),
      attributes,
      ...(status !== undefined && { status }),
    });
  const traceparent = formatTraceparent(own);
  try {
    const result = await withTraceparent(traceparent, () => body(traceparent, note));
    end(undefined);
    return result;
  } catch (thrown) {
    const { code, message } = toFailure(thrown);
    end({ code: 'error', message: `${code}: ${message}` });
    throw thrown;
  }
}
