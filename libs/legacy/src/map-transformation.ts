import { connectorTypeOf, type ConnectorType } from './connector-types.ts';
import { expressionMethods, filterMethods, selectMethods } from './expression-methods.ts';
import { groupMethods } from './group-methods.ts';
import { joinMethods } from './join-methods.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import { addTask, parentRows, type Mapping } from './mapping.ts';
import { frameText, projectionOf } from './projection.ts';
import type { MakeMethods } from './made.ts';

const METHODS: Readonly<Partial<Record<ConnectorType, MakeMethods>>> = {
  expression: expressionMethods,
  filter: filterMethods,
  groupby: groupMethods,
  join: joinMethods,
  selectcolumns: selectMethods,
};

/** A transformation becomes one transform over all its parents; its field mapping says what goes on. */
export function mapTransformation(mapping: Mapping, node: LegacyNode): void {
  const inputs = parentRows(mapping, node);
  const make = METHODS[connectorTypeOf(node.connectorType) ?? 'expression'];
  const projection = projectionOf(mapping, node.fieldMapping);
  if (make === undefined || inputs.length === 0) return;
  const made = make(mapping, node, inputs);
  if (made === 'refused' || projection === 'refused') return;
  const used = made.inputs ?? inputs;
  if (used.length > 1 && made.inputs === undefined) {
    mapping.reading.note(
      node.path,
      `${node.name} has ${used.length} parents; their rows are put under each other`,
    );
  }
  const shown = projection.kind === 'some' ? [projection.text] : [];
  const task = addTask(mapping, node, {
    fields: {
      type: 'expression_transform',
      inputs: [...new Set(inputs.map((each) => each.task))],
      polars: frameText(used.slice(0, made.inputs === undefined ? undefined : 1), [
        ...made.methods,
        ...shown,
      ]),
    },
  });
  const columns = projection.kind === 'some' ? projection.columns : made.columns;
  mapping.rows.set(node.id, { task, columns });
}
