import { nearestName } from '@floe/errors';
import type { TimeUnit } from '../data-type.ts';
import type { Span } from '../problems.ts';
import type { Expression, Selector, TypeClass } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { BINARY, BOOLEAN, DATE, STRING, TIME } from '../types/kinds.ts';
import { literalOf } from './bind-constant.ts';
import { excludedFrom, namesAndTypes, oneOf, patternSelector } from './bind-selector.ts';
import { report, type Binder } from './binder.ts';

const ofClass = (name: TypeClass): Selector => ({ kind: 'class', class: name });

/** Selectors of `cs` that take no arguments here. */
const SIMPLE: ReadonlyMap<string, Selector> = new Map<string, Selector>([
  ['all', { kind: 'all' }],
  ['binary', { kind: 'types', types: [BINARY] }],
  ['boolean', { kind: 'types', types: [BOOLEAN] }],
  ['date', { kind: 'types', types: [DATE] }],
  ['time', { kind: 'types', types: [TIME] }],
  ...(
    [
      'array',
      'categorical',
      'decimal',
      'enum',
      'float',
      'integer',
      'list',
      'nested',
      'numeric',
      'signed_integer',
      'struct',
      'temporal',
      'unsigned_integer',
    ] as const
  ).map((name) => [name, ofClass(name)] as const),
]);

type Callee = { readonly name: string; readonly nameSpan: Span };
type Make = (binder: Binder, call: CallSyntax) => Selector | null;

/** Selectors of `cs` that take arguments. */
const MAKERS: Readonly<Record<string, Make>> = {
  string: (binder, call) => {
    const withCategories = flagOf(call, 'include_categorical');
    const strings: Selector = { kind: 'types', types: [STRING] };
    if (withCategories === undefined) return wrong(binder, call);
    return withCategories ? oneOf([strings, ofClass('categorical')]) : strings;
  },
  by_dtype: (binder, call) => {
    const given = namesAndTypes(binder, call);
    if (given === null) return null;
    const isFine = given.names.length === 0 && given.types.length > 0;
    return isFine ? { kind: 'types', types: given.types } : wrong(binder, call);
  },
  by_name: byName,
  by_index: (binder, call) => byPlace(binder, call, 'require_all'),
  first: (binder, call) => ends(binder, call, 0),
  last: (binder, call) => ends(binder, call, -1),
  matches: (binder, call) => {
    const texts = textsOf(call);
    const [pattern] = texts ?? [];
    return pattern === undefined || texts?.length !== 1
      ? wrong(binder, call)
      : patternSelector(binder, pattern, call.span);
  },
  contains: (binder, call) => affixed(binder, call, (any) => any),
  starts_with: (binder, call) => affixed(binder, call, (any) => `^${any}`),
  ends_with: (binder, call) => affixed(binder, call, (any) => `${any}$`),
  alpha: (binder, call) => letters(binder, call, ['a-zA-Z', '\\p{Alphabetic}']),
  alphanumeric: (binder, call) => letters(binder, call, ['a-zA-Z0-9', '\\p{Alphabetic}\\d']),
  digit: (binder, call) => letters(binder, call, ['0-9', '\\d']),
  datetime: (binder, call) => moments(binder, call, 'datetime'),
  duration: (binder, call) => moments(binder, call, 'duration'),
  exclude: (binder, call) => {
    const [first] = call.positional;
    const bound = first && isSelectorCall(first) ? binder.expression(first, 'column') : null;
    if (bound?.kind === 'columns') {
      return { kind: 'combined', how: 'difference', left: { kind: 'all' }, right: bound.selector };
    }
    return excludedFrom(binder, { kind: 'all' }, call)?.selector ?? null;
  },
};

export const SELECTOR_NAMES: readonly string[] = [...SIMPLE.keys(), ...Object.keys(MAKERS)];

/** A function of `cs`: a choice of columns. */
export function bindSelectorFunction(
  binder: Binder,
  call: CallSyntax,
  { name, nameSpan }: Callee,
): Expression | null {
  const simple = SIMPLE.get(name);
  const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  if (simple === undefined && make === undefined) return reportUnknown(binder, name, nameSpan);
  const hasArguments = call.positional.length + call.keywords.length > 0;
  if (simple !== undefined && hasArguments) {
    return report(binder, call.span, [`\`cs.${name}\` takes no arguments here`]);
  }
  const selector = simple ?? make?.(binder, call) ?? null;
  return selector && { kind: 'columns', selector, span: call.span, isSelector: true };
}

function reportUnknown(binder: Binder, name: string, span: Span): null {
  const near = nearestName(name, SELECTOR_NAMES);
  return report(binder, span, [
    `there is no \`cs.${name}\``,
    near ? `did you mean cs.${near}?` : `there are ${SELECTOR_NAMES.join(', ')}`,
  ]);
}

function wrong(binder: Binder, call: CallSyntax): null {
  return report(binder, call.span, ['the arguments of this selector are not supported']);
}

function isSelectorCall(syntax: Syntax): boolean {
  const callee = syntax.kind === 'call' ? syntax.callee : null;
  return (
    callee?.kind === 'attribute' && callee.object.kind === 'name' && callee.object.name === 'cs'
  );
}

function flagOf(call: CallSyntax, name: string, fallback = false): boolean | undefined {
  const given = call.keywords.find((keyword) => keyword.name === name)?.value;
  if (given === undefined) return fallback;
  return given.kind === 'boolean' ? given.value : undefined;
}

function textsOf({ positional }: CallSyntax): readonly string[] | null {
  const items = positional.flatMap((item) => (item.kind === 'list' ? item.items : [item]));
  const texts = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return texts.length === items.length ? texts : null;
}

function byName(binder: Binder, call: CallSyntax): Selector | null {
  const isStrict = flagOf(call, 'require_all', true);
  const given = namesAndTypes(binder, { ...call, keywords: [] });
  if (given === null) return null;
  if (given.names.length === 0 || isStrict === undefined) return wrong(binder, call);
  const { names } = given;
  return { kind: 'names', names, isMultiple: true, ...(isStrict ? {} : { isLenient: true }) };
}

/** `pl.nth(0, 2)` and `cs.by_index(0, 2)`. */
export function byPlace(binder: Binder, call: CallSyntax, strictness: string): Selector | null {
  const isStrict = flagOf(call, strictness, true);
  const items = call.positional.flatMap((item) => (item.kind === 'list' ? item.items : [item]));
  const places = items.map((item) => {
    const literal = literalOf(item);
    return literal?.kind === 'integer' ? Number(literal.value) : Number.NaN;
  });
  const isFine = places.length > 0 && places.every(Number.isSafeInteger) && isStrict !== undefined;
  return isFine ? { kind: 'places', places, isLenient: !isStrict } : wrong(binder, call);
}

function ends(binder: Binder, call: CallSyntax, place: number): Selector | null {
  const isStrict = flagOf(call, 'strict', true);
  if (isStrict === undefined || call.positional.length > 0) return wrong(binder, call);
  return { kind: 'places', places: [place], isLenient: !isStrict };
}

const escapePattern = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$#&~-]/g, '\\$&');

function affixed(
  binder: Binder,
  call: CallSyntax,
  around: (any: string) => string,
): Selector | null {
  const texts = textsOf(call);
  if (texts === null || texts.length === 0) return wrong(binder, call);
  const any = `(${texts.map(escapePattern).join('|')})`;
  return patternSelector(binder, around(any), call.span);
}

function letters(
  binder: Binder,
  call: CallSyntax,
  [ascii, unicode]: readonly [string, string],
): Selector | null {
  const [first] = call.positional;
  const isAscii = first?.kind === 'boolean' ? first.value : flagOf(call, 'ascii_only');
  const withSpaces = flagOf(call, 'ignore_spaces');
  if (isAscii === undefined || withSpaces === undefined) return wrong(binder, call);
  const set = `${isAscii ? ascii : unicode}${withSpaces ? ' ' : ''}`;
  return patternSelector(binder, `^[${set}]+$`, call.span);
}

const UNITS: readonly TimeUnit[] = ['ns', 'us', 'ms'];

function moments(binder: Binder, call: CallSyntax, of: 'datetime' | 'duration'): Selector | null {
  const argument = (name: string, place: number): Syntax | undefined =>
    call.keywords.find((keyword) => keyword.name === name)?.value ?? call.positional[place];
  const units = unitsOf(argument('time_unit', 0));
  const zone = zoneOf(argument('time_zone', 1));
  if (units === null || zone === undefined) return wrong(binder, call);
  return { kind: 'moments', of, units, zone };
}

function unitsOf(syntax: Syntax | undefined): readonly TimeUnit[] | null {
  if (syntax === undefined || syntax.kind === 'none') return UNITS;
  const items = syntax.kind === 'list' ? syntax.items : [syntax];
  const texts = items.map((item) => (item.kind === 'string' ? item.value : ''));
  const units = UNITS.filter((unit) => texts.includes(unit));
  return units.length === texts.length ? units : null;
}

function zoneOf(
  syntax: Syntax | undefined,
): Extract<Selector, { kind: 'moments' }>['zone'] | undefined {
  if (syntax === undefined) return 'any';
  if (syntax.kind === 'none') return null;
  if (syntax.kind !== 'string') return undefined;
  return syntax.value === '*' ? 'set' : { name: syntax.value };
}
