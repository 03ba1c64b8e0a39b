import type { DataType } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import { STRING, UNKNOWN, isOpen } from '../types/kinds.ts';
import { supertype, typed } from '../types/supertype.ts';
import { mergeEdges, stepped } from './edges.ts';
import {
  reportDuplicates,
  requireColumn,
  type FrameColumn,
  type FrameState,
} from './frame-state.ts';
import type { OperationContext } from './operation-context.ts';

/** Columns turned into others: fields of structs, and columns into rows. */
export function analyseUnnest({ input, operation, names, problems }: OperationContext): FrameState {
  const wanted = new Set<string>();
  for (const name of names('columns') ?? []) {
    const column = requireColumn(input, name, problems);
    if (column === null) continue;
    wanted.add(column.name);
    if (column.type.kind !== 'struct' && !isOpen(column.type))
      problems.add(
        name.span,
        `\`.unnest\` needs a Struct column, not ${formatDataType(column.type)}`,
      );
  }
  const columns = input.columns.flatMap((column) =>
    wanted.has(column.name) ? fieldsOf(column) : [column],
  );
  const span = operation.nameSpan;
  reportDuplicates(
    columns.map(({ name }) => ({ name, span })),
    problems,
  );
  // The fields of a struct whose type is not known cannot be listed.
  const isUnknown = input.columns.some(({ name, type }) => wanted.has(name) && isOpen(type));
  return { ...input, columns, isOpen: input.isOpen || isUnknown };
}

function fieldsOf(column: FrameColumn): readonly FrameColumn[] {
  if (column.type.kind !== 'struct') return [];
  const { edges } = transformed(column);
  return column.type.fields.map(({ name, type }) => ({ name, type, edges }));
}

function transformed(column: FrameColumn): FrameColumn {
  const step = { lineage: 'transformation', isAggregate: false, role: 'value' } as const;
  return { ...column, edges: stepped(column.edges, step) };
}

export function analyseUnpivot({ input, names, problems, text }: OperationContext): FrameState {
  const find = (name: string): readonly FrameColumn[] =>
    (names(name) ?? [])
      .map((each) => requireColumn(input, each, problems))
      .filter((column) => column !== null);
  const index = find('index');
  const kept = new Set(index.map((column) => column.name));
  const on =
    names('on') === null ? input.columns.filter((column) => !kept.has(column.name)) : find('on');
  const type = on
    .map((column) => column.type)
    .reduce<DataType | null>(
      (met, each) => (met === null ? each : (supertype(typed(met), typed(each)) ?? UNKNOWN)),
      null,
    );
  const edges = mergeEdges(...on.map((column) => transformed(column).edges));
  const variable: FrameColumn = {
    name: text('variable_name') ?? 'variable',
    type: STRING,
    edges: [],
  };
  const value: FrameColumn = { name: text('value_name') ?? 'value', type: type ?? UNKNOWN, edges };
  return { ...input, columns: [...index, variable, value] };
}
