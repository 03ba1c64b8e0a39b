import type { CompareRunsRequest, CompareRunsResponse, RunReport } from '@floe/rpc/contracts';
import { taskDifferences, valueDifferences, type ComparedRun } from '../compare/compare-reports.ts';
import { diffText } from '../compare/diff-text.ts';
import type { Deps } from '../deps.ts';
import { readDataset } from '../lineage/run-lineage.ts';
import { parseRunId } from '../run-id.ts';
import { toDataset } from '../rows-to-run.ts';
import { readSource } from '../store/read-workflow.ts';
import { readRunReport, type ReadReport } from './get-run-report.ts';

// A message may have four megabytes, and a person reads far less.
const DIFF_CHARACTERS_MAX = 200_000;

export async function compareRuns(
  deps: Deps,
  request: CompareRunsRequest,
): Promise<CompareRunsResponse> {
  const baseId = parseRunId(request.baseRunId);
  const otherId = parseRunId(request.otherRunId);
  const [base, other] = await Promise.all([
    readRunReport(deps, baseId),
    readRunReport(deps, otherId),
  ]);
  const diff = await documentDiff(deps, base.report, other.report);
  return {
    comparison: {
      base: base.report.run,
      other: other.report.run,
      tasks: taskDifferences(toCompared(base), toCompared(other)),
      parameters: valueDifferences(
        base.report.run?.parameters ?? {},
        other.report.run?.parameters ?? {},
      ),
      documentDiff: diff.slice(0, DIFF_CHARACTERS_MAX),
      documentDiffTruncated: diff.length > DIFF_CHARACTERS_MAX,
      baseDurationMs: base.report.durationMs,
      otherDurationMs: other.report.durationMs,
    },
  };
}

function toCompared({ report, tasks }: ReadReport): ComparedRun {
  const made = tasks.filter(({ dataset }) => dataset !== null);
  return {
    report,
    datasets: new Map(made.map((task) => [task.task_id, toDataset(task.dataset)!])),
    checksums: new Map(
      made.flatMap((task) => {
        const { hash } = readDataset(task.dataset);
        return hash === '' ? [] : [[task.task_id, hash] as const];
      }),
    ),
  };
}

async function documentDiff(deps: Deps, base: RunReport, other: RunReport): Promise<string> {
  const [from, to] = [versionOf(base), versionOf(other)];
  if (from.workflowName === to.workflowName && from.version === to.version) return '';
  const [before, after] = await Promise.all([readSource(deps.db, from), readSource(deps.db, to)]);
  return diffText(before, after);
}

function versionOf({ run }: RunReport) {
  return { workflowName: run?.workflowName ?? '', version: run?.workflowVersion ?? 0 };
}
