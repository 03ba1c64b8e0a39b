import { func } from '../lower/shapes.ts';
import { STRING, UNKNOWN } from '../types/kinds.ts';
import { settled } from '../types/supertype.ts';
import { many, text } from './parameters.ts';
import { apply, elementwise, type Row } from './rows.ts';
import type { Entry, TypeRule } from './signature.ts';
import { onStruct } from './type-rules.ts';

const ofStruct = (name: string, row: Row): Entry => elementwise(`struct.${name}`, row);

/** Its fields under other names. */
const withNames =
  (rename: (name: string, index: number, texts: readonly string[]) => string): TypeRule =>
  (call) => {
    const given = call.constant('prefix') ?? call.constant('suffix');
    const texts = given?.kind === 'string' ? [given.value] : call.texts('names');
    return onStruct((type) =>
      type.kind === 'struct'
        ? {
            kind: 'struct',
            fields: type.fields.map((field, index) => ({
              ...field,
              name: rename(field.name, index, texts),
            })),
          }
        : UNKNOWN,
    )(call);
  };

export const STRUCTS: readonly Entry[] = [
  ofStruct('field', {
    summary: 'A field of a struct; several give a column each.',
    parameters: [{ ...text('name'), isMany: true, isVariadic: true }],
    // The outputs of this one are made by the analysis, which knows all fields that are named.
    type: () => UNKNOWN,
    lower: ({ receiver, texts }) => {
      const [name = '', ...more] = texts('name');
      const isOne = more.length === 0 && name !== '*';
      if (isOne) return func([receiver], { StructExpr: { FieldByName: name } });
      const fields = name === '*' ? 'Wildcard' : { ByName: { names: texts('name'), strict: true } };
      return func([receiver], { StructExpr: { SelectFields: fields } });
    },
  }),
  ofStruct('unnest', {
    summary: 'All fields, a column each.',
    type: () => UNKNOWN,
    lower: apply({ StructExpr: { SelectFields: 'Wildcard' } }),
  }),
  ofStruct('rename_fields', {
    summary: 'Other names for the fields, in order.',
    parameters: [many(text('names'))],
    type: withNames((name, index, texts) => texts[index] ?? name),
    lower: ({ receiver, texts }) =>
      func([receiver], { StructExpr: { RenameFields: texts('names') } }),
  }),
  ofStruct('json_encode', {
    summary: 'As JSON text.',
    type: onStruct(STRING),
    lower: apply({ StructExpr: 'JsonEncode' }),
  }),
  ofStruct('with_fields', {
    summary: 'With fields added or replaced; `pl.field("a")` is a field of it.',
    parameters: [
      { name: 'exprs', accepts: 'fields', isMany: true, isVariadic: true, isNamed: true },
    ],
    type: (call) => {
      const [first, ...added] = call.operands;
      if (first?.type.kind !== 'struct') return onStruct(UNKNOWN)(call);
      const fields = new Map(first.type.fields.map(({ name, type }) => [name, type]));
      for (const [index, each] of added.entries()) {
        fields.set(call.names[index + 1] ?? '', settled(each));
      }
      return { kind: 'struct', fields: [...fields].map(([name, type]) => ({ name, type })) };
    },
    lower: ({ receiver, expressions }) => ({
      StructEval: { expr: receiver, evaluation: expressions('exprs') },
    }),
  }),
  elementwise('name.prefix_fields', {
    summary: 'Adds a prefix to the names of the fields.',
    parameters: [text('prefix')],
    type: withNames((name, _, [prefix]) => `${prefix}${name}`),
    lower: ({ receiver, text: of }) =>
      func([receiver], { StructExpr: { PrefixFields: of('prefix') } }),
  }),
  elementwise('name.suffix_fields', {
    summary: 'Adds a suffix to the names of the fields.',
    parameters: [text('suffix')],
    type: withNames((name, _, [suffix]) => `${name}${suffix}`),
    lower: ({ receiver, text: of }) =>
      func([receiver], { StructExpr: { SuffixFields: of('suffix') } }),
  }),
];
