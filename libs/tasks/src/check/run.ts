import { rm } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import { formatDataType, parseProgram, toFramePlan } from '@floe/expression';
import {
  type DatasetPreview,
  executeFramePlan,
  MAX_PREVIEW_ROWS,
  previewDataset,
  type PreviewValue,
} from '@floe/frame';
import { datasetPaths, onlyInput } from '../dataset-path.ts';
import { isMaskedColumn, MASK, maskPreview } from '../masked-columns.ts';
import { shortenValue } from '../profiles/shorten-value.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { failingRows, isTimeType, maxAgeMs, newestOf, ROWS, typeOf } from './rule-programs.ts';
import { kindOf, nameOf, type Rule, storedRule } from './rules.ts';

type Finding = {
  readonly rule: Rule;
  readonly passed: boolean;
  /** For people: `3 rows`, `12 rows instead of at least 100`. */
  readonly found: string;
  /** The first rows that break the rule. */
  readonly preview?: DatasetPreview;
};

/**
 * Checks the input against each rule and says of all what was found. The rows go on as they are, by reference.
 * Errors: CHECK_FAILED when a rule whose severity is not `warn` is broken.
 */
export async function runCheck(context: TaskContext): Promise<TaskResult> {
  const { dataset } = onlyInput(context);
  const rules = readRules(context);
  const findings: Finding[] = [];
  for (const [index, rule] of rules.entries()) {
    findings.push(await checkRule(context, rule, index));
    context.progress({ rows: dataset.rows });
  }
  report(context, findings);
  const broken = findings.filter(({ passed, rule }) => !passed && rule.severity !== 'warn');
  if (broken.length > 0) throw checkFailed(context, broken);
  return { dataset, rows: dataset.rows, bytes: dataset.bytes };
}

function readRules({ config }: TaskContext): readonly Rule[] {
  const rules = storedRule.array().safeParse(config['rules']);
  if (rules.success) return rules.data;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `the task's field "rules" is wrong: ${rules.error.message}`,
    {
      details: { field: 'rules' },
      hint: 'apply the workflow again',
    },
  );
}

async function checkRule(context: TaskContext, rule: Rule, index: number): Promise<Finding> {
  switch (kindOf(rule)) {
    case 'row_count':
      return checkCount(rule, rule.row_count ?? {}, onlyInput(context).dataset.rows);
    case 'freshness':
      return checkFreshness(context, rule, index);
    default:
      return checkRows(context, rule, index);
  }
}

function checkCount(
  rule: Rule,
  { min, max }: NonNullable<Rule['row_count']>,
  rows: number,
): Finding {
  if (min !== undefined && rows < min)
    return { rule, passed: false, found: `${rows} rows instead of at least ${min}` };
  if (max !== undefined && rows > max)
    return { rule, passed: false, found: `${rows} rows instead of at most ${max}` };
  return { rule, passed: true, found: `${rows} rows` };
}

async function checkRows(context: TaskContext, rule: Rule, index: number): Promise<Finding> {
  const program = failingRows(rule, onlyInput(context).dataset.schema);
  if (program === undefined) return { rule, passed: true, found: 'nothing to check' };
  return withResult(context, { program, index }, async (path, rows) => {
    if (rows === 0) return { rule, passed: true, found: 'all rows pass' };
    const shorten = (value: PreviewValue) => shortenValue(value, context.masked);
    const shown = await previewDataset(path, MAX_PREVIEW_ROWS, shorten);
    const preview = maskPreview(shown, context.masked);
    return {
      rule,
      passed: false,
      found: `${rows} ${rows === 1 ? 'row breaks' : 'rows break'} it`,
      preview,
    };
  });
}

async function checkFreshness(context: TaskContext, rule: Rule, index: number): Promise<Finding> {
  const freshness = rule.freshness!;
  const { column, max_age: maxAge } = freshness;
  const limitMs = maxAgeMs(freshness);
  const type = typeOf(column, onlyInput(context).dataset.schema);
  if (type !== undefined && !isTimeType(type))
    return {
      rule,
      passed: false,
      found: `the column is ${formatDataType(type)}, which is no time`,
    };
  return withResult(context, { program: newestOf(column), index }, async (path) => {
    const { rows } = await previewDataset(path, 1);
    const newest = rows[0]?.[0];
    if (typeof newest !== 'string')
      return { rule, passed: false, found: 'there is no time in the column' };
    // A time without a zone is taken to be UTC, as Polars itself does.
    const at = Date.parse(/Z$|^\d{4}-\d{2}-\d{2}$/.test(newest) ? newest : `${newest}Z`);
    const passed = Date.now() - at <= limitMs;
    const shown = isMaskedColumn(column, context.masked) ? MASK : newest;
    return {
      rule,
      passed,
      found: `the newest is of ${shown}${passed ? '' : `, and older than ${maxAge}`}`,
    };
  });
}

type Query = { readonly program: string; readonly index: number };

/** Runs a program over the rows into a file that is gone afterwards. */
async function withResult<Result>(
  context: TaskContext,
  { program, index }: Query,
  read: (path: string, rows: number) => Promise<Result>,
): Promise<Result> {
  const path = `${context.outputPath}.rule-${index}.ipc`;
  const inputs = { [ROWS]: datasetPaths(onlyInput(context).dataset) };
  const plan = toFramePlan(parseProgram(program, { inputs: [ROWS] }), context.params);
  try {
    const facts = await executeFramePlan(plan, { inputs, output: path });
    return await read(path, facts.rows);
  } finally {
    await rm(path, { force: true });
  }
}

function report(context: TaskContext, findings: readonly Finding[]): void {
  for (const { rule, passed, found } of findings) {
    const level = passed ? 'info' : rule.severity === 'warn' ? 'warn' : 'error';
    context.log(level, `${passed ? 'passed' : 'broken'}: ${nameOf(rule)}: ${found}`);
  }
  context.artifact({
    name: 'check',
    kind: 'check',
    content: findings.map(({ rule, passed, found, preview }) => ({
      rule: nameOf(rule),
      severity: rule.severity ?? 'stop',
      passed,
      found,
      ...(preview !== undefined && { failing: preview }),
    })),
  });
}

function checkFailed({ taskId }: TaskContext, broken: readonly Finding[]): FloeError {
  const words = broken.map(({ rule, found }) => `${nameOf(rule)}: ${found}`).join('; ');
  return new FloeError('CHECK_FAILED', words, {
    details: { rules: broken.map(({ rule }) => nameOf(rule)).join(', ') },
    ...(broken.some(({ preview }) => preview !== undefined) && {
      hint: `see the first rows that break a rule: floe runs artifacts RUN --show ${taskId}`,
    }),
  });
}
