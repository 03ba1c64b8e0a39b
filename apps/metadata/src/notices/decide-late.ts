import type { NoticeRule } from '@floe/notification';
import { findLate, findLateRules, type LateRow } from '../store/notices/late.ts';
import { insertNotices, type NewNotice } from '../store/notices/ledger.ts';
import { readRules } from '../store/notices/rules.ts';
import { readRunFacts, type RunRow } from '../store/notices/run-facts.ts';
import type { NoticeContext } from './context.ts';
import { destinationOf } from './destination.ts';
import { factsOfRun, factsOfSlot } from './facts.ts';
import { LATE_PER_RULE } from './limits.ts';

/** Looks for what should have ended by now. Several may look at once: the ledger takes each once. */
export async function decideLate(context: NoticeContext): Promise<void> {
  const { db } = context;
  const found = await findLateRules(db);
  const rules = await readRules(db, [...new Set(found.map(({ scope }) => scope))]);
  for (const { scope, position } of found) {
    const rule = rules.get(scope)?.[position];
    if (rule?.lateAfterMs === undefined) continue;
    const rows = await findLate(db, {
      scope,
      lateAfterMs: rule.lateAfterMs,
      limit: LATE_PER_RULE,
    });
    await insertNotices(db, await noticesOf(context, { scope, rule, rows }));
  }
}

type Found = {
  readonly scope: string;
  readonly rule: NoticeRule;
  readonly rows: readonly LateRow[];
};

async function noticesOf(
  { db, gatewayUrl }: NoticeContext,
  { scope, rule, rows }: Found,
): Promise<readonly NewNotice[]> {
  const runIds = rows.flatMap(({ run_id: runId }) => runId ?? []);
  const runs = new Map((await readRunFacts(db, runIds)).map((run) => [run.run_id, run]));
  const factsOf = (row: LateRow, run: RunRow | undefined) =>
    run === undefined ? factsOfSlot(row.workflow_name, row.due_at) : factsOfRun(run, gatewayUrl);
  return rows.map((row) => ({
    scope,
    event: 'late',
    about: row.about,
    workflowName: row.workflow_name,
    runId: row.run_id ?? undefined,
    destination: destinationOf(rule.channel),
    rule,
    facts: factsOf(row, row.run_id === null ? undefined : runs.get(row.run_id)),
  }));
}
