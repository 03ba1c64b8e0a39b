import type { DataType, Schema } from '../src/index.ts';
import { checkProgram, parseProgram } from '../src/index.ts';

const column = (name: string, kind: 'int64' | 'float64' | 'boolean' | 'string') => ({
  name,
  type: { kind } satisfies DataType,
});

export const PROGRAM_INPUTS: Readonly<Record<string, Schema>> = {
  left: [
    column('k', 'int64'),
    column('x', 'int64'),
    column('y', 'float64'),
    column('s', 'string'),
    column('b', 'boolean'),
  ],
  right: [column('k', 'int64'), column('x', 'int64'), column('t', 'string')],
};

type Choices = Iterable<number>;
type Pick = <Each>(options: readonly Each[]) => Each;

/** A chain of frame methods that has the columns it names, made of a stream of numbers. Every step has one order of rows. */
export function randomProgram(choices: Choices): string {
  const numbers = choices[Symbol.iterator]();
  const pick: Pick = (options) => options[Number(numbers.next().value) % options.length]!;
  let text = pick(['left', 'left', 'right']);
  const steps = pick([1, 2, 3, 4, 5, 6]);
  for (let step = 0; step < steps; step += 1) {
    const next = text + nextStep(text, step, pick);
    // A step that does not fit what is there is left out.
    if (schemaOf(next) !== undefined) text = next;
  }
  return text;
}

function schemaOf(text: string): Schema | undefined {
  try {
    const program = parseProgram(text, { inputs: Object.keys(PROGRAM_INPUTS) });
    return checkProgram(program, { inputs: PROGRAM_INPUTS });
  } catch {
    // The types do not go together, or a name would come twice.
    return undefined;
  }
}

function nextStep(text: string, step: number, pick: Pick): string {
  const schema = schemaOf(text) ?? [];
  const names = schema.map(({ name }) => JSON.stringify(name));
  const numbers = schema
    .filter(({ type }) => ['int64', 'float64', 'uint32'].includes(type.kind))
    .map(({ name }) => JSON.stringify(name));
  const any = () => pick(names);
  const number = () => pick(numbers.length > 0 ? numbers : names);
  return pick([
    () => `.filter(${condition(any, number, pick)})`,
    () => `.select(pl.all().exclude(${any()}), n${step}=${value(any, number, pick)})`,
    () => `.with_columns(n${step}=${value(any, number, pick)})`,
    () => `.with_columns(${value(any, number, pick)}.alias(${any()}))`,
    () => `.group_by(${any()}, maintain_order=True).agg(${aggregates(number, step, pick)})`,
    () => `.sort(${any()}, ${any()}, maintain_order=True)`,
    () => `.unique(${any()}, keep="first", maintain_order=True)`,
    () => `.rename({${any()}: "r${step}"})`,
    () => `.drop(${any()})`,
    () => `.head(${pick([2, 4])})`,
    () => `.drop_nulls(${any()})`,
    () => `.with_row_index("i${step}")`,
    () => `.unpivot([${number()}, ${number()}], index=[${any()}])`,
    () => join(step, pick),
  ])();
}

function join(step: number, pick: Pick): string {
  const how = pick(['inner', 'left', 'full', 'semi', 'anti', 'right']);
  const other = pick(['right', 'left', 'right.filter(pl.col("x") > 0)']);
  const order = pick(['left_right', 'right_left']);
  return `.join(${other}, on="k", how="${how}", suffix="_j${step}", maintain_order="${order}")`;
}

function condition(any: () => string, number: () => string, pick: Pick): string {
  return pick([
    () => `pl.col(${number()}) > ${pick([-1, 0, 1])}`,
    () => `pl.col(${any()}).is_not_null()`,
    () => `pl.col(${number()}) <= pl.col(${number()})`,
    () => `pl.col(${any()}).is_in([1, 2])`,
    () => `(pl.col(${number()}) == 1) | pl.col(${any()}).is_null()`,
  ])();
}

function value(any: () => string, number: () => string, pick: Pick): string {
  return pick([
    () => `pl.col(${any()})`,
    () => `(pl.col(${number()}) + pl.col(${number()}))`,
    () => `pl.col(${number()}).sum().over(${any()})`,
    () => `pl.col(${number()}).cum_sum()`,
    () => `pl.col(${any()}).shift(1)`,
    () =>
      `pl.when(pl.col(${number()}) > 0).then(pl.col(${number()})).otherwise(pl.col(${number()}))`,
    () => `pl.coalesce(pl.col(${number()}), pl.col(${number()}))`,
    () => `pl.col(${number()}).fill_null(0)`,
    () => `pl.col(${number()}).rank()`,
    () => `pl.col(${any()}).sort_by(${any()})`,
    () => `pl.col(${any()}).is_null()`,
    () => `pl.col(${number()}).max()`,
    () => `pl.lit(1)`,
  ])();
}

function aggregates(number: () => string, step: number, pick: Pick): string {
  return pick([
    () => `a${step}=pl.col(${number()}).sum()`,
    () => `a${step}=pl.len()`,
    () =>
      `a${step}=pl.col(${number()}).filter(pl.col(${number()}) > 0).count(), c${step}=pl.col(${number()}).first()`,
    () => `a${step}=pl.col(${number()}).n_unique()`,
    () => `a${step}=pl.col(${number()}).sort_by(${number()}).last()`,
  ])();
}
