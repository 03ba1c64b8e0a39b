/** Applies the workflow, runs it, and follows the run until it has ended: node run.ts */
import { createFloeClient } from '@floe/client';
import { dailyRevenue } from './daily-revenue.ts';

const floe = createFloeClient({ baseUrl: process.env['FLOE_GATEWAY_URL'] ?? 'http://127.0.0.1:7400' });

const { version, unchanged } = await floe.applyWorkflow(dailyRevenue.toString());
console.log(`version ${version?.version}${unchanged ? ', as it was' : ''}`);

const { run } = await floe.startRun({
  workflowName: 'sdk-revenue',
  parameters: { since: '2026-02-01' },
});
// A gateway that goes away is asked again, from the event after the last one.
for await (const update of floe.watchRun(run.runId)) {
  if (update.kind === 'event') console.log(update.event.type, update.event.taskRun?.taskId ?? '');
}
const report = await floe.getRunReport(run.runId);
console.log(`${report.run?.state}, ${report.rowsLoaded} rows loaded`);
