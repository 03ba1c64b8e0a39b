import { join } from 'node:path';
import type { Task } from '@floe/workflow';
import { inputsOf, type Workshop } from './find-datasets.ts';
import { runHere, type Parameters } from './run-here.ts';

/** What a rule found in the rows. */
export type Found = { readonly passed: boolean; readonly found: string };

export type ReplayedRule = {
  readonly rule: string;
  readonly severity: string;
  /** Absent for a rule that is new. */
  readonly before?: Found;
  /** Absent for a rule that has gone. */
  readonly after?: Found;
};

type Finding = Found & { readonly rule: string; readonly severity: string };

export type CheckQuestion = {
  /** As the past run had it; undefined when it was no check then. */
  readonly before: Task | undefined;
  readonly after: Task;
  readonly parameters: Parameters;
};

/** The rules of both texts on the rows of the past run: the new ones in their order, then those that have gone. */
export async function replayCheck(
  { before, after, parameters }: CheckQuestion,
  workshop: Workshop,
): Promise<readonly ReplayedRule[]> {
  const news = await findingsOf(after, parameters, workshop);
  const past = workshop.past.parameters;
  const olds = before === undefined ? [] : await findingsOf(before, past, workshop);
  const oldOf = new Map(olds.map((finding) => [finding.rule, finding]));
  const changed = news.map(({ rule, severity, ...found }) => {
    const old = oldOf.get(rule);
    oldOf.delete(rule);
    return { rule, severity, ...(old && { before: onlyFound(old) }), after: onlyFound(found) };
  });
  const gone = [...oldOf.values()].map((old) => ({
    rule: old.rule,
    severity: old.severity,
    before: onlyFound(old),
  }));
  return [...changed, ...gone];
}

function onlyFound({ passed, found }: Found): Found {
  return { passed, found };
}

async function findingsOf(
  task: Task,
  parameters: Parameters,
  workshop: Workshop,
): Promise<readonly Finding[]> {
  const artifacts = await runHere(task, {
    inputs: await inputsOf(task, workshop),
    output: join(workshop.scratch, 'check.ipc'),
    parameters,
    runId: workshop.past.runId,
    filesDir: workshop.filesDir,
  });
  const findings = artifacts.find(({ kind }) => kind === 'check')?.content;
  return (findings ?? []) as readonly Finding[];
}
