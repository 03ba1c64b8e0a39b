import { eventsOfEnd, type EndState, type NoticeRule } from '@floe/notification';
import { insertNotices, type NewNotice } from '../store/notices/ledger.ts';
import { EVERY_WORKFLOW, readRules } from '../store/notices/rules.ts';
import { takeRunEnds } from '../store/notices/run-ends.ts';
import { readRunFacts, type RunRow } from '../store/notices/run-facts.ts';
import type { NoticeContext } from './context.ts';
import { destinationOf } from './destination.ts';
import { factsOfRun } from './facts.ts';
import { ENDS_PER_PASS } from './limits.ts';

/** Decides about the next runs that ended. True when there may be more. */
export function decideEnds(context: NoticeContext): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const ends = await takeRunEnds(tx, ENDS_PER_PASS);
    if (ends === undefined || ends.length === 0) return false;
    const rules = await readRules(tx, [...new Set(ends.map((end) => end.workflow_name))]);
    const runs = await readRunFacts(
      tx,
      ends.map((end) => end.run_id),
    );
    const wanted = runs.flatMap((run) => noticesOfRun(run, { rules, ...context }));
    await insertNotices(tx, wanted);
    return ends.length >= ENDS_PER_PASS;
  });
}

type Known = {
  readonly rules: ReadonlyMap<string, readonly NoticeRule[]>;
  readonly gatewayUrl: string;
};

function noticesOfRun(run: RunRow, { rules, gatewayUrl }: Known): readonly NewNotice[] {
  const facts = factsOfRun(run, gatewayUrl);
  const events = eventsOfEnd(run.state as EndState, run.before ?? undefined);
  return [run.workflow_name, EVERY_WORKFLOW].flatMap((scope) =>
    (rules.get(scope) ?? []).flatMap((rule) =>
      events
        .filter((event) => rule.on.includes(event))
        .map((event) => ({
          scope,
          event,
          about: `run:${run.run_id}`,
          workflowName: run.workflow_name,
          runId: run.run_id,
          destination: destinationOf(rule.channel),
          rule,
          facts,
        })),
    ),
  );
}
