import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addRunsArtifacts } from './runs/artifacts.ts';
import { addRunsCancel } from './runs/cancel.ts';
import { addRunsCompare } from './runs/compare.ts';
import { addRunsGet } from './runs/get.ts';
import { addRunsItems } from './runs/items.ts';
import { addRunsLineage } from './runs/lineage.ts';
import { addRunsList } from './runs/list.ts';
import { addRunsLogs } from './runs/logs.ts';
import { addRunsReport } from './runs/report.ts';
import { addRunsRetry } from './runs/retry.ts';
import { addRunsApprove, addRunsPauseAndResume } from './runs/steer.ts';
import { addRunsTrace } from './runs/trace.ts';
import { addRunsWatch } from './runs/watch.ts';

export function addRunsCommand(program: Command, context: CommandContext): void {
  const runs = program.command('runs').description('see and steer runs');
  addRunsList(runs, context);
  addRunsGet(runs, context);
  addRunsWatch(runs, context);
  addRunsCancel(runs, context);
  addRunsPauseAndResume(runs, context);
  addRunsRetry(runs, context);
  addRunsApprove(runs, context);
  addRunsLogs(runs, context);
  addRunsReport(runs, context);
  addRunsCompare(runs, context);
  addRunsItems(runs, context);
  addRunsLineage(runs, context);
  addRunsTrace(runs, context);
  addRunsArtifacts(runs, context);
}
