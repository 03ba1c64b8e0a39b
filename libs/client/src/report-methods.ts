import { answer, pick } from './answers.ts';
import type { Transport } from './http-transport.ts';
import type { ReportClient } from './report-client-types.ts';
import { runPath } from './run-path.ts';

export function reportMethods(transport: Transport): ReportClient {
  return {
    getRunReport: (runId) => pick(transport, `${runPath(runId)}/report`, 'report'),
    compareRuns: (baseRunId, otherRunId) =>
      pick(
        transport,
        `${runPath(baseRunId)}/compare/${encodeURIComponent(otherRunId)}`,
        'comparison',
      ),
    getRunLineage: (runId) => pick(transport, `${runPath(runId)}/lineage`, 'lineage'),
    listMetrics: (runId, options) =>
      answer(transport, 'GET', `${runPath(runId)}/metrics`, {
        query: { ...options },
        holds: 'metrics',
      }),
    getWorkflowReport: (name, options) => {
      const path = `/api/v1/workflows/${encodeURIComponent(name)}/report`;
      return pick(transport, path, 'report', { ...options });
    },
    getOverview: (options) => pick(transport, '/api/v1/overview', 'overview', { ...options }),
    getLineage: (question) =>
      answer(transport, 'GET', '/api/v1/lineage', { query: { ...question }, holds: 'edges' }),
    getImpact: (question) => pick(transport, '/api/v1/impact', 'impact', { ...question }),
    listFreshness: (options) =>
      answer(transport, 'GET', '/api/v1/freshness', { query: { ...options }, holds: 'tables' }),
  };
}
