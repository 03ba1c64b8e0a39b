import { nearestName } from '@floe/errors';
import { findFrameMethod, frameMethodNames, snakeCase } from '../catalogue/catalogue.ts';
import { KNOWN_FRAME_METHODS } from '../catalogue/known-names.ts';
import { refusalOf } from '../catalogue/refused-names.ts';
import type { Span } from '../problems.ts';
import type { Frame } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindOperation, type Callee } from './bind-operation.ts';
import { bindAggregation, groupOf, isGrouping } from './bind-group.ts';
import { mergedFrames, rewriteFrame } from './rewrite-frame.ts';
import { rewritePivot } from './rewrite-pivot.ts';
import { report, type Binder } from './binder.ts';

/** Methods that change nothing where everything is lazy anyway. */
const IDENTITIES: ReadonlySet<string> = new Set([
  'lazy',
  'collect',
  'collect_async',
  'cache',
  'clone',
  'set_sorted',
  'rechunk',
]);
/** Gives a frame expression its meaning: an input, an earlier statement, or methods on them. */
export function bindFrame(binder: Binder, syntax: Syntax): Frame | null {
  const { span } = syntax;
  if (syntax.kind === 'name') return bindName(binder, syntax.name, span);
  if (syntax.kind === 'refused') return null;
  if (syntax.kind !== 'call' || syntax.callee.kind !== 'attribute') {
    return syntax.kind === 'call' && syntax.callee.kind === 'refused'
      ? null
      : reportNoFrame(binder, syntax);
  }
  const { callee } = syntax;
  const isPolars = callee.object.kind === 'name' && callee.object.name === 'pl';
  if (isPolars) return bindPolarsFunction(binder, syntax, callee);
  const group = groupOf(callee.object);
  if (group !== null) return bindAggregation(binder, { group, call: syntax, callee });
  if (snakeCase(callee.name) === 'pivot') {
    const pivot = rewritePivot(binder, syntax, callee);
    return pivot && binder.frame(pivot);
  }
  const rewritten = rewriteFrame(syntax, callee);
  return rewritten === null ? bindMethod(binder, syntax, callee) : binder.frame(rewritten);
}

function reportNoFrame(binder: Binder, { kind, span }: Syntax): null {
  const hint = `a frame is one of ${[...binder.frames.keys()].join(', ')}, or a method of one`;
  return report(binder, span, [
    kind === 'parameter' ? 'a parameter is not a frame' : 'a frame is expected here',
    hint,
  ]);
}

function bindName(binder: Binder, name: string, span: Span): Frame | null {
  const source = binder.frames.get(name);
  if (source?.kind === 'input') return { kind: 'input', name, span };
  if (source?.kind === 'statement') return { kind: 'statement', index: source.index, span };
  const names = [...binder.frames.keys()];
  const near = nearestName(name, names);
  const hint = near ? `did you mean ${near}?` : `the frames here are ${names.join(', ')}`;
  return report(binder, span, [`\`${name}\` is not a frame`, hint]);
}

function bindPolarsFunction(binder: Binder, call: CallSyntax, callee: Callee): Frame | null {
  const name = snakeCase(callee.name);
  if (name === 'concat' || name === 'union')
    return bindOperation(binder, { method: 'concat', input: null, call, callee });
  if (name === 'merge_sorted') {
    const [items, byPlace] = call.positional;
    const key = byPlace ?? call.keywords.find((keyword) => keyword.name === 'key')?.value;
    const frames = items?.kind === 'list' ? items.items : [];
    return binder.frame(mergedFrames(frames, key, callee.nameSpan));
  }
  const reason = refusalOf(`pl.${name}`);
  const isReader = callee.name.startsWith('read_') || callee.name.startsWith('scan_');
  const message = isReader
    ? `\`pl.${callee.name}\` is not supported here`
    : `\`pl.${callee.name}\` does not give a frame`;
  const hint = isReader ? 'read data in a task of its own and name it under `inputs`' : reason;
  return report(binder, callee.nameSpan, [message, hint]);
}

function bindMethod(binder: Binder, call: CallSyntax, callee: Callee): Frame | null {
  const input = binder.frame(callee.object);
  if (IDENTITIES.has(snakeCase(callee.name))) return input;
  const entry = findFrameMethod(callee.name);
  if (entry === undefined || entry.name === 'concat') return reportMethod(binder, callee);
  if (isGrouping(entry.name)) {
    return report(binder, callee.nameSpan, [
      `\`.${entry.name}\` needs \`.agg\``,
      `write .${entry.name}(...).agg(pl.len())`,
    ]);
  }
  const bound = bindOperation(binder, { method: entry.name, input, call, callee });
  return input && bound;
}

function reportMethod(binder: Binder, { name, nameSpan }: Callee): null {
  const near = nearestName(name, frameMethodNames());
  const nearHint = near ? `did you mean .${near}?` : undefined;
  const reason = refusalOf(`LazyFrame.${snakeCase(name)}`);
  if (reason !== undefined)
    return report(binder, nameSpan, [`\`.${name}\` is not supported`, reason]);
  const isKnown = KNOWN_FRAME_METHODS.has(snakeCase(name));
  const message = isKnown
    ? `\`.${name}\` of Polars is not supported yet`
    : `a frame has no method \`.${name}\``;
  return report(binder, nameSpan, [message, nearHint]);
}
