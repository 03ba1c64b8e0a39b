import { FloeError } from '@floe/errors';
import { findFrameMethod, snakeCase } from '../catalogue/catalogue.ts';
import type { FrameEntry, Parameter } from '../catalogue/signature.ts';

/**
 * `steps:` is a list of single operations. They are written out as one chain of Polars, a line for each step, and read as
 * any other text: the tree is the same. Texts in steps are Polars, but for plain names, which are names of columns.
 */
export type StepsText = {
  readonly text: string;
  /** The number of the step, from 1, to which a line of the text belongs. */
  readonly stepAt: (line: number) => number;
};

export type Step = Readonly<Record<string, unknown>>;

const PLAIN_NAME = /^[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_ -]*$/u;
/** Lists and mappings within each other. */
const MAX_DEPTH = 20;

/** Throws FloeError EXPRESSION_INVALID for what is no step. */
export function stepsText(steps: readonly Step[], inputs: readonly string[]): StepsText {
  const lines = ['(', inputs[0] ?? ''];
  const starts: number[] = [];
  for (const [index, step] of steps.entries()) {
    const place = index + 1;
    const [entry, ...rest] = Object.entries(step);
    if (entry === undefined || rest.length > 0)
      throw refusal(place, 'a step is one operation', 'like `- filter: pl.col("delay") > 15`');
    const [method, argument] = entry;
    if (method === 'from') {
      if (index > 0 || typeof argument !== 'string' || !inputs.includes(argument))
        throw refusal(
          place,
          '`from` is the first step and names an input',
          `the inputs are ${inputs.join(', ')}`,
        );
      lines[1] = argument;
      continue;
    }
    starts.push(lines.join('\n').split('\n').length + 1);
    lines.push(...written(method, argument, place));
  }
  if (lines[1] === '') throw refusal(1, 'there is no input');
  lines.push(')');
  const offset = steps.length - starts.length;
  const stepAt = (line: number): number =>
    Math.max(1, starts.filter((start) => start <= line).length + offset);
  return { text: lines.join('\n'), stepAt };
}

export function refusal(step: number, message: string, hint?: string): FloeError {
  const full = `step ${step}: ${message}`;
  return new FloeError('EXPRESSION_INVALID', full, {
    ...(hint === undefined ? {} : { hint }),
    violations: [
      { field: `steps[${step - 1}]`, message: full, ...(hint === undefined ? {} : { hint }) },
    ],
  });
}

function written(method: string, argument: unknown, place: number): readonly string[] {
  const name = snakeCase(method);
  if (!/^[a-z_]+$/.test(name)) throw refusal(place, `\`${method}\` is not an operation`);
  const entry = findFrameMethod(name);
  if (!isMapping(argument) || takesMapping(entry))
    return [`.${name}(${positional(argument, entry, place)})`];
  const { agg, ...own } = argument;
  const lines = [`.${name}(${keywords(own, entry, place)})`];
  if (agg !== undefined) {
    const inner = isMapping(agg)
      ? keywords(agg, undefined, place)
      : positional(agg, undefined, place);
    lines.push(`.agg(${inner})`);
  }
  return lines;
}

/** Whether the method's first argument is a mapping itself, as in rename and cast. */
function takesMapping(entry: FrameEntry | undefined): boolean {
  const accepts = entry?.parameters[0]?.accepts;
  return accepts === 'renames' || accepts === 'types';
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function positional(argument: unknown, entry: FrameEntry | undefined, place: number): string {
  const [parameter] = entry?.parameters ?? [];
  if (argument === null || argument === undefined) return '';
  if (Array.isArray(argument))
    return argument.map((item: unknown) => valueText(item, parameter, place)).join(', ');
  return valueText(argument, parameter, place);
}

function keywords(
  given: Readonly<Record<string, unknown>>,
  entry: FrameEntry | undefined,
  place: number,
): string {
  const places: string[] = [];
  const named: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const parameter = entry?.parameters.find(({ name }) => name === snakeCase(key));
    if (parameter?.isVariadic) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      places.push(...items.map((item) => valueText(item, parameter, place)));
      continue;
    }
    if (!KEYWORD.test(key))
      throw refusal(
        place,
        `"${key}" cannot be the name of an argument`,
        'use .alias("...") instead',
      );
    named.push(`${key}=${valueText(value, parameter, place)}`);
  }
  return [...places, ...named].join(', ');
}

const KEYWORD = /^[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_]*$/u;

function valueText(
  value: unknown,
  parameter: Parameter | undefined,
  place: number,
  depth = 0,
): string {
  if (depth > MAX_DEPTH) throw refusal(place, 'the values are nested too deeply');
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return stringText(value, parameter);
  const each = (item: unknown): string => valueText(item, parameter, place, depth + 1);
  if (Array.isArray(value)) return `[${value.map(each).join(', ')}]`;
  if (!isMapping(value)) throw refusal(place, 'this value cannot stand in a step');
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${each(item)}`);
  return `{${pairs.join(', ')}}`;
}

/** A plain name is a column or an option; a frame stands as it is; everything else is Polars. */
function stringText(value: string, parameter: Parameter | undefined): string {
  if (parameter?.accepts === 'frames') return value;
  const isOption =
    parameter !== undefined && !['column', 'choices', 'type', 'types'].includes(parameter.accepts);
  const isPlain = PLAIN_NAME.test(value) && value !== 'None';
  return isOption || isPlain ? JSON.stringify(value) : value;
}
