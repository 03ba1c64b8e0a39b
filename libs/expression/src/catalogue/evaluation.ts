import type { DataType } from '../data-type.ts';
import type { Json } from '../json.ts';
import { func } from '../lower/shapes.ts';
import { BOOLEAN, UINT32, UNKNOWN } from '../types/kinds.ts';
import { settled } from '../types/supertype.ts';
import { flag, keyword, overMembers } from './parameters.ts';
import { elementwise } from './rows.ts';
import type { Entry, TypeCall, TypeRule } from './signature.ts';
import { asList, onArray, onList, unchanged } from './type-rules.ts';

/** A function of the members, evaluated within each list. */
export const evaluate = (expr: Json, evaluation: Json, variant: Json): Json => ({
  Eval: { expr, evaluation, variant },
});

/** The type of an expression over members. */
export function memberResult(call: TypeCall): DataType {
  const result = call.operand('expr');
  return result === undefined ? UNKNOWN : settled(result);
}

/** The rows that lists and arrays share: what they do is done by an expression over `pl.element()`. */
export function evaluated(namespace: 'list' | 'arr', { isArray }: { isArray: boolean }): Entry[] {
  const on = isArray ? onArray : onList;
  const same = isArray ? { Array: { as_list: false } } : 'List';
  const shorter = isArray ? { Array: { as_list: true } } : 'List';
  const single = isArray ? 'ArrayAgg' : 'ListAgg';
  const row = (
    [name, summary, type]: readonly [string, string, TypeRule],
    evaluation: Json,
    variant: Json,
  ): Entry =>
    elementwise(`${namespace}.${name}`, {
      summary,
      type,
      lower: ({ receiver }) => evaluate(receiver, evaluation, variant),
    });
  const truth = (name: 'any' | 'all', summary: string): Entry =>
    elementwise(`${namespace}.${name}`, {
      summary,
      parameters: [keyword(flag('ignore_nulls', true))],
      type: on(BOOLEAN),
      lower: ({ receiver, flag: of }) => {
        const options = { ignore_nulls: of('ignore_nulls') };
        const test = { Boolean: { [name === 'any' ? 'Any' : 'All']: options } };
        return evaluate(receiver, func(['Element'], test), single);
      },
    });
  return [
    row(
      ['reverse', 'Members in reverse order.', on(unchanged)],
      func(['Element'], 'Reverse'),
      same,
    ),
    row(
      ['n_unique', 'Number of different members.', on(UINT32)],
      { Agg: { NUnique: 'Element' } },
      single,
    ),
    elementwise(`${namespace}.unique`, {
      summary: 'Different members, each once.',
      parameters: [keyword(flag('maintain_order', false))],
      type: on(asList),
      lower: ({ receiver, flag: of }) =>
        evaluate(receiver, func(['Element'], { Unique: of('maintain_order') }), shorter),
    }),
    truth('any', 'Whether any member is true.'),
    truth('all', 'Whether all members are true.'),
    elementwise(`${namespace}.agg`, {
      summary: 'One value for each, by an expression over `pl.element()`.',
      parameters: [overMembers('expr')],
      type: (call) => memberResult(call),
      lower: ({ receiver, expression }) => evaluate(receiver, expression('expr'), single),
    }),
  ];
}

/** Members as the fields of a struct. It is named after the first, which therefore gets its name only within. */
export function structOf(names: readonly string[], member: (index: number) => Json): Json {
  const members = names.map((_, index) =>
    index === 0 ? member(index) : { Alias: [member(index), `field_${index}`] },
  );
  return func([func(members, 'AsStruct')], { StructExpr: { RenameFields: names } });
}
