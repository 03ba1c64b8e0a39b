import { translateLegacyExpression, translateLegacyFilter } from '@floe/expression';
import type { Entry, LegacyNode } from './legacy-workflow.ts';
import type { Mapping, Rows } from './mapping.ts';
import type { Made } from './made.ts';
import { call, column, projectionOf, quote, translated } from './projection.ts';
import { textOf } from './shapes.ts';

/** The selected columns, each with its expression. One that names a column made before it sees what that has become. */
export function expressionMethods(mapping: Mapping, node: LegacyNode): Made | 'refused' {
  const selected = node.entries.filter((entry) => entry.isSelected);
  const computed = selected.filter(
    ({ name, expression }) => expression !== '' && expression !== name,
  );
  const texts = computed.map((entry) =>
    translated(
      mapping,
      entry,
      () => translateLegacyExpression({ text: entry.expression, field: entry.name }).polars,
    ),
  );
  if (texts.includes(undefined)) return 'refused';
  const steps = inSteps(computed.map((entry, index) => ({ entry, text: texts[index] ?? '' })));
  const methods = steps.map((step) =>
    call(
      'with_columns',
      step.map(({ entry, text }) => `${text}.alias(${quote(entry.name)})`),
    ),
  );
  if (selected.length === 0) return { methods, columns: undefined };
  const names = [...new Set(selected.map(({ name }) => name))];
  return { methods: [...methods, call('select', names.map(quote))], columns: names };
}

type Computed = { readonly entry: Entry; readonly text: string };

/** Expressions that do not see each other's results stand in one call. */
function inSteps(computed: readonly Computed[]): Computed[][] {
  const steps: Computed[][] = [];
  for (const each of computed) {
    const step = steps.at(-1);
    const depends = step?.some(
      ({ entry }) => entry.name === each.entry.name || each.text.includes(column(entry.name)),
    );
    if (step === undefined || depends === true) steps.push([each]);
    else step.push(each);
  }
  return steps;
}

/** Every condition that is selected holds. */
export function filterMethods(
  mapping: Mapping,
  node: LegacyNode,
  inputs: readonly Rows[],
): Made | 'refused' {
  const conditions = node.entries.filter(
    ({ isSelected, name, expression }) => isSelected && expression !== '' && expression !== name,
  );
  const whole = textOf(node.settings['condition']).trim();
  if (whole !== '') conditions.push(ownCondition(node, whole));
  const texts = conditions.map((entry) =>
    translated(
      mapping,
      entry,
      () => translateLegacyFilter({ text: entry.expression, field: entry.name }).polars,
    ),
  );
  if (texts.includes(undefined)) return 'refused';
  if (texts.length === 0)
    mapping.reading.note(node.path, `${node.name} is a filter without a condition; all rows pass`);
  const [only] = inputs;
  return {
    methods: texts.map((text) => `.filter(${withoutBrackets(text ?? '')})`),
    columns: inputs.length === 1 ? only?.columns : undefined,
  };
}

function ownCondition(node: LegacyNode, expression: string): Entry {
  const { name } = node;
  return { path: `${node.path}.condition`, name, target: name, isSelected: true, expression };
}

/** Around the whole of a condition the brackets of a call do. */
function withoutBrackets(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const [index, part] of [...text.matchAll(/"(?:[^"\\]|\\.)*"|[()]/g)].entries()) {
    if (part[0] === '(') depth += 1;
    if (part[0] === ')') depth -= 1;
    if (depth === 0 && index > 0 && part.index < text.length - 1) return text;
  }
  return text.slice(1, -1);
}

/** The selected columns. */
export function selectMethods(mapping: Mapping, node: LegacyNode): Made | 'refused' {
  const projection = projectionOf(mapping, node.entries);
  if (projection === 'refused') return 'refused';
  if (projection.kind === 'some')
    return { methods: [projection.text], columns: projection.columns };
  if (node.fieldMapping.length === 0)
    mapping.reading.note(node.path, `${node.name} selects no column; all go on`);
  return { methods: [], columns: undefined };
}
