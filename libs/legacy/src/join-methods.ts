import { namesIn } from './group-methods.ts';
import { isList, isRecord } from './json.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import type { Mapping, Rows } from './mapping.ts';
import type { Made } from './made.ts';
import { call, projectionOf, quote } from './projection.ts';
import { textOf } from './shapes.ts';

const KINDS: Readonly<Record<string, string>> = {
  '': 'inner',
  inner: 'inner',
  left: 'left',
  'left outer': 'left',
  right: 'right',
  'right outer': 'right',
  full: 'full',
  outer: 'full',
  'full outer': 'full',
};

type Pair = { readonly left: string; readonly right: string };

/** Two parents side by side where the named columns are equal. The first parent is the left one. */
export function joinMethods(
  mapping: Mapping,
  node: LegacyNode,
  inputs: readonly Rows[],
): Made | 'refused' {
  const [left, right, ...more] = inputs;
  const refuse = (message: string, hint?: string): 'refused' => {
    mapping.reading.refuse(node.path, `${node.name} ${message}`, hint);
    return 'refused';
  };
  if (left === undefined || right === undefined || more.length > 0)
    return refuse(`is a join of ${inputs.length} parents, not of two`);
  const { settings } = node;
  const word = textOf(settings['joinType'] ?? settings['join_type'] ?? settings['how'] ?? '');
  const kind =
    KINDS[
      word
        .trim()
        .toLowerCase()
        .replace(/\s+join$/, '')
        .replaceAll(/[\s_-]+/g, ' ')
    ];
  if (kind === undefined)
    return refuse(
      `is a join of the kind ${quote(word)}`,
      `Known are ${Object.keys(KINDS).filter(Boolean).join(', ')}.`,
    );
  const pairs = pairsOf(mapping, node);
  if (pairs.length === 0)
    return refuse(
      'is a join without keys',
      'Say them as an expression, like left.id = right.employee_id.',
    );
  const columns = projectionOf(
    mapping,
    node.entries.filter(({ expression }) => conditionIn(expression).length === 0),
  );
  if (columns === 'refused') return 'refused';
  return {
    inputs: [left, right],
    methods: [
      call('join', [right.task, ...keys(pairs), `how=${quote(kind)}`]),
      ...(columns.kind === 'some' ? [columns.text] : []),
    ],
    columns: columns.kind === 'some' ? columns.columns : undefined,
  };
}

function keys(pairs: readonly Pair[]): string[] {
  const list = (names: readonly string[]): string => `[${names.map(quote).join(', ')}]`;
  if (pairs.every(({ left, right }) => left === right))
    return [`on=${list(pairs.map(({ left }) => left))}`];
  return [
    `left_on=${list(pairs.map(({ left }) => left))}`,
    `right_on=${list(pairs.map(({ right }) => right))}`,
  ];
}

/** Keys stand in expressions, in `conditions`, in `on`, or in `left_on` and `right_on`. */
function pairsOf(mapping: Mapping, node: LegacyNode): Pair[] {
  const { settings } = node;
  const on = namesIn(settings['on']).map((name) => ({ left: name, right: name }));
  const left = namesIn(settings['left_on']);
  const right = namesIn(settings['right_on']);
  const beside = left.flatMap((name, index) => ({ left: name, right: right[index] ?? name }));
  const texts = [
    textOf(settings['condition']),
    ...node.entries.filter((entry) => entry.isSelected).map(({ expression }) => expression),
  ];
  const [first = '', second = ''] = mapping.graph.parents.get(node.id) ?? [];
  const written = texts.flatMap(conditionIn).map((pair) => inOrder(pair, [first, second]));
  return [...on, ...beside, ...listed(node), ...written];
}

function listed({ settings }: LegacyNode): Pair[] {
  const conditions = settings['conditions'];
  if (!isList(conditions)) return [];
  return conditions.flatMap((each) => {
    if (typeof each === 'string') return conditionIn(each).map(bare);
    if (!isRecord(each)) return [];
    const left = textOf(each['left'] ?? each['left_column'] ?? '');
    const right = textOf(each['right'] ?? each['right_column'] ?? '');
    return left === '' || right === '' ? [] : [bare({ left, right })];
  });
}

const NAME = String.raw`(?:[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_-]*\.)?[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_]*`;
const EQUAL = new RegExp(`^\\s*(?<left>${NAME})\\s*==?\\s*(?<right>${NAME})\\s*$`, 'u');

/** `a = b and c = d`; nothing for any other text. */
function conditionIn(text: string): Pair[] {
  const pairs = text.split(/\s+and\s+/i).map((part) => EQUAL.exec(part)?.groups);
  return pairs.every((pair) => pair !== undefined)
    ? pairs.map((pair) => ({ left: pair['left'] ?? '', right: pair['right'] ?? '' }))
    : [];
}

/** `right.b = left.a` means the same as `left.a = right.b`; so do the ids of the parents. */
function inOrder(pair: Pair, [first, second]: readonly [string, string]): Pair {
  const isTurned =
    ['right', second].includes(prefixOf(pair.left)) ||
    ['left', first].includes(prefixOf(pair.right));
  return bare(isTurned ? { left: pair.right, right: pair.left } : pair);
}

function prefixOf(name: string): string {
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
}

function bare({ left, right }: Pair): Pair {
  return {
    left: left.slice(left.lastIndexOf('.') + 1),
    right: right.slice(right.lastIndexOf('.') + 1),
  };
}
