export function runPath(runId: string): string {
  return `/api/v1/runs/${encodeURIComponent(runId)}`;
}
