import type { Bench } from '../bench.ts';
import { measureFirstLoad } from '../console/first-load.ts';
import { openBrowser } from '../console/open-browser.ts';
import { timeGraph } from '../console/open-graph.ts';
import { runItems, timeItems } from '../console/open-items.ts';
import { scrollLog } from '../console/scroll-log.ts';
import { CHAIN_NAME, chainDocument, timeChanges } from '../console/state-to-pixel.ts';
import { median, percentile, rounded } from '../statistics.ts';

const TASKS = 5_000;
// Chains of this many tasks side by side: a graph that is as deep as it is wide.
const CHAIN_LENGTH = 100;
const REPETITIONS = 5;
const REPETITIONS_QUICK = 2;

/** The console in Chromium: first load, a graph of thousands, a map of ten thousand items, changes as they come, a long log. */
export const consoleBench: Bench = {
  summary: 'the console in Chromium: first load, 5,000 tasks, state change to pixel, a long log',
  async run({ client, endpoints: { gateway } }, { isQuick, say }) {
    await client.applyWorkflow(largeDocument());
    await client.applyWorkflow(chainDocument());
    const addressOf = (runId: string) => new URL(`/runs/${runId}`, gateway).href;
    const items = addressOf(await runItems(client));
    const { run } = await client.startRun({ workflowName: 'bench-console' });
    const address = addressOf(run.runId);
    const browser = await openBrowser();
    try {
      const repeat = async <Value>(what: string, once: () => Promise<Value>) => {
        const values: Value[] = [];
        for (let index = 0; index < (isQuick ? REPETITIONS_QUICK : REPETITIONS); index += 1) {
          values.push(await once());
        }
        say(what);
        return values;
      };
      const loads = await repeat('first load', () => measureFirstLoad(browser, gateway));
      const graphs = await repeat('graph', () => timeGraph(browser, address));
      const maps = await repeat('items', () => timeItems(browser, items));
      await client.cancelRun(run.runId);
      const changes = (
        await repeat(CHAIN_NAME, () => timeChanges(browser, gateway, client))
      ).flat();
      const scrolled = await scrollLog(browser, address);
      return {
        figures: {
          graph_5000_ms: rounded(median(graphs)),
          items_10000_ms: rounded(median(maps)),
          first_load_kb: rounded(loads[0]?.scriptKb ?? 0),
          first_load_ms: rounded(median(loads.map(({ interactiveMs }) => interactiveMs))),
          state_to_pixel_p50_ms: rounded(median(changes)),
          state_to_pixel_p95_ms: rounded(percentile(changes, 95)),
          log_frame_p50_ms: rounded(scrolled.frameP50Ms),
          log_frame_p95_ms: rounded(scrolled.frameP95Ms),
        },
        peers: {},
        ratios: {},
      };
    } finally {
      await browser.close();
    }
  },
};

/** The first task holds the others up, so that nothing else runs on the machine while the page is measured. */
function largeDocument(): string {
  const tasks = Array.from({ length: TASKS - 1 }, (_, index) => {
    const before = index % CHAIN_LENGTH === 0 ? 'first' : `t${index - 1}`;
    return `  t${index}: { type: noop, needs: [${before}] }`;
  });
  const first = '  first: { type: sleep, duration: 10m }';
  return ['name: bench-console', 'tasks:', first, ...tasks, ''].join('\n');
}
