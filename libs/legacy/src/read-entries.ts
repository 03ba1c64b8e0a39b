import { describeJson, fieldOf, isList, isRecord, type Json } from './json.ts';
import type { Entry } from './legacy-workflow.ts';
import { readShape, type Reading } from './reading.ts';
import { entryShape, flagOf, textOf } from './shapes.ts';
import { unreadable } from './finding.ts';

type Place = { readonly reading: Reading; readonly path: string; readonly at: string };

/** The columns that a node lists. Where no entry says whether it is selected, all are. */
export function readEntries(value: Json | undefined, place: Place): Entry[] {
  if (value === undefined || value === null || value === '') return [];
  if (!isList(value))
    throw unreadable([{ path: place.path, message: `is ${describeJson(value)}, not a list` }]);
  const saysSelected = value.some((each) => isRecord(each) && Object.hasOwn(each, 'selected'));
  return value.map((each, index) => readEntry(each, index, { ...place, saysSelected }));
}

function readEntry(
  value: Json,
  index: number,
  { reading, path, at, saysSelected }: Place & { readonly saysSelected: boolean },
): Entry {
  const here = `${path}[${index}]`;
  // A bare name is a column that is selected.
  if (typeof value === 'string')
    return { path: here, name: value, target: value, isSelected: true, expression: '' };
  const entry = readShape(value, entryShape, { reading, path: here, at: `${at}.*` });
  const name = entry.name === '' ? entry.value : entry.name;
  if (name === '') throw unreadable([{ path: here, message: 'has neither name nor value' }]);
  return {
    path: here,
    name,
    target: entry.target.trim() === '' ? name : entry.target,
    isSelected: !saysSelected || flagOf(entry.selected),
    expression: expressionOf(entry.expression, { reading, at: `${at}.*.expression` }),
  };
}

/** An expression is a text, or an object around one. */
function expressionOf(value: unknown, { reading, at }: Pick<Place, 'reading' | 'at'>): string {
  if (!isRecord(value)) return textOf(value).trim();
  reading.keepUnmapped(
    at,
    Object.keys(value).filter((name) => name !== 'value'),
  );
  return textOf(fieldOf(value, 'value')).trim();
}
