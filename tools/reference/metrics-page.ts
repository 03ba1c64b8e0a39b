/** The page of the numbers that services count: names and words are those of the code. */
import { REFUSALS } from '@floe/telemetry';

// Prometheus has no dots, and says of a counter that it is one.
const PROMETHEUS_NAME = `${REFUSALS.name.replaceAll('.', '_')}_total`;

export function metricsPage(notice: string): string {
  return `${notice}
# Metrics

A service answers Prometheus at \`/metrics\` of \`FLOE_METRICS_LISTEN\`. Under \`floe up\` each process has a free port of
loopback; the line of its log that says that it is ready names it as \`metrics\`.

| metric | kind | attributes | what it counts |
|---|---|---|---|
| \`${PROMETHEUS_NAME}\` (OpenTelemetry: \`${REFUSALS.name}\`) | counter | \`surface\`, \`place\`, \`reason\` | ${REFUSALS.description} |

\`surface\` is \`rpc\` or \`bus\`. \`place\` is the full name of the method, like \`floe.internal.v1.AttemptService/ExchangeAttempts\`,
or the kind of subject: \`hints\`, \`control\`, \`logs\`, \`events\`. \`reason\` is a [code](errors.md), or

| reason | means |
|---|---|
| \`MALFORMED\` | A message of NATS is not what its subject is for, or a part of it is not. It was left out. |
| \`UNREAD\` | Of a call no whole message came: it was larger than 4 MiB, broken, or cut off. |
| \`EPOCH_STALE\` | An end or a renewal names an attempt that a newer one has replaced, that has ended, that never was, or that is another's. Some come from executors that were slow; many come from one that is wrong. |

Names come from closed sets, so that no caller can make the number of series grow. What a service could not do by a fault of
its own, or in time, is no refusal. How runs and workflows do is no matter of these numbers but of the history: \`floe overview\`,
\`floe workflows report\`, and the same over [REST](rest.md).
`;
}
