import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addWorkflowsDelete } from './workflows/delete.ts';
import { addWorkflowsDiff } from './workflows/diff.ts';
import { addWorkflowsGet } from './workflows/get.ts';
import { addWorkflowsList } from './workflows/list.ts';
import { addWorkflowsReport } from './workflows/report.ts';
import { addWorkflowsVersions } from './workflows/versions.ts';

export function addWorkflowsCommand(program: Command, context: CommandContext): void {
  const workflows = program
    .command('workflows')
    .description('see the stored workflows and their versions');
  addWorkflowsList(workflows, context);
  addWorkflowsGet(workflows, context);
  addWorkflowsReport(workflows, context);
  addWorkflowsVersions(workflows, context);
  addWorkflowsDiff(workflows, context);
  addWorkflowsDelete(workflows, context);
}
