import { checkProgram, formatDataType, parseProgram, type Schema } from '@floe/expression';
import { FloeError } from '@floe/errors';
import type { TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { passedOn } from '../passed-on.ts';
import { failingRows, isTimeType, maxAgeMs, newestOf, ROWS, typeOf } from './rule-programs.ts';
import { type Rule, RULE_COUNT_MAX, ruleFields } from './rules.ts';

const config = z.strictObject({
  rules: z
    .array(ruleFields)
    .min(1)
    .max(RULE_COUNT_MAX)
    .describe('What the rows must fulfil, like `- not_null: [id]` or `- unique: [id]`.'),
});

export const check: TaskDefinition<typeof config> = {
  type: 'check',
  description:
    'Checks rows against rules. What passes goes on unchanged; rows that fail are shown.',
  config,
  lane: 'slot',
  inputs: { min: 1, max: 1 },
  produces: 'dataset',
  outside: 'read',
  textFields: [],
  connections: () => [],
  outputSchema: ({ config: { rules }, inputs }) => {
    const [schema] = inputs.values();
    rules.forEach((rule, index) => checkRule(rule, index, schema));
    return schema;
  },
  lineage: ({ inputs }) => passedOn(inputs),
};

/** A rule about a column that is not there, or of a wrong type, is an error of the document. */
function checkRule(rule: Rule, index: number, schema: Schema | undefined): void {
  if (rule.freshness !== undefined) maxAgeMs(rule.freshness);
  const text =
    rule.freshness === undefined ? failingRows(rule, schema) : newestOf(rule.freshness.column);
  if (text === undefined) return;
  try {
    const program = parseProgram(text, { inputs: [ROWS] });
    if (schema === undefined) return;
    checkProgram(program, { inputs: { [ROWS]: schema }, parameters: {} });
    if (rule.freshness !== undefined) checkTime(rule.freshness.column, schema);
  } catch (thrown) {
    throw inRule(thrown, index);
  }
}

function checkTime(column: string, schema: Schema): void {
  const type = typeOf(column, schema);
  if (type === undefined || isTimeType(type)) return;
  const message = `freshness is about dates and times, column "${column}" is ${formatDataType(type)}`;
  throw new FloeError('EXPRESSION_INVALID', message, {
    violations: [
      { field: 'rules', message, hint: 'name another column, or cast it in a transform before' },
    ],
  });
}

/** The program was made from the rule, so that its places mean nothing to people: the rule itself is the place. */
function inRule(thrown: unknown, index: number): unknown {
  if (!(thrown instanceof FloeError) || thrown.violations.length === 0) return thrown;
  const violations = thrown.violations.map(({ message, hint }) => ({
    field: `rules[${index}]`,
    message,
    ...(hint !== undefined && { hint }),
  }));
  return new FloeError(thrown.code, thrown.message, { cause: thrown, violations });
}
