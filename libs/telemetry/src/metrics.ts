/**
 * The numbers of one service in this process, and what Prometheus reads of them.
 *
 *   M1. A counter costs memory for each combination of its attributes, so their values come from closed sets: names of
 *       methods and subjects that Floe has, and codes of its catalogue. No text of a caller gets into one.
 *   M2. To count never throws and never waits.
 */
import type { Counter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** What was refused, and why. */
export type Refusal = {
  /** `rpc`: a call of another process. `bus`: a message of NATS. */
  readonly surface: 'rpc' | 'bus';
  /** The method or the kind of subject. */
  readonly place: string;
  /** A code of the error catalogue, or a word for what is no error. */
  readonly reason: string;
};

export const REFUSALS = {
  name: 'floe.refusals',
  description:
    'Calls, messages and parts of them that were refused: malformed, huge, stale, forged.',
} as const;

export class Metrics {
  readonly #reader = new PrometheusExporter({ preventServerStart: true });
  readonly #provider: MeterProvider;
  readonly #refusals: Counter;

  constructor(resource: Resource) {
    this.#provider = new MeterProvider({ resource, readers: [this.#reader] });
    const { name, description } = REFUSALS;
    this.#refusals = this.#provider.getMeter('floe').createCounter(name, { description });
  }

  countRefusal({ surface, place, reason }: Refusal, count: number): void {
    this.#refusals.add(count, { surface, place, reason });
  }

  /** All numbers, in the text format of Prometheus. */
  async text(): Promise<string> {
    const { resourceMetrics } = await this.#reader.collect();
    return new PrometheusSerializer().serialize(resourceMetrics);
  }

  async stop(): Promise<void> {
    await this.#provider.shutdown();
  }
}
