import { hoverTooltip } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import type { Knowledge } from './complete.ts';
import { outlineAt } from './outline.ts';
import { valueBelow, yamlPlace } from './yaml-place.ts';

const WORD = /[\w.-]+/g;

/** What the word at a place of a document means: a field, or a value that was chosen from a list. */
export function noteAt(
  lines: readonly string[],
  at: { readonly line: number; readonly from: number; readonly to: number },
  { outline }: Pick<Knowledge, 'outline'>,
): string | undefined {
  const typeAt = (path: readonly string[]) => valueBelow(lines, path, 'type');
  const word = lines[at.line]?.slice(at.from, at.to) ?? '';
  const { path, key } = yamlPlace(lines, at.line, at.from);
  const here = outlineAt(outline, key === undefined ? path : [...path, key], typeAt);
  return key === undefined ? here?.fields?.[word]?.note : here?.notes?.[word];
}

/** Says what the word under the pointer means. */
export function explainWord(knowledge: () => Knowledge): Extension {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const column = position - line.from;
    const found = [...line.text.matchAll(WORD)].find(
      ({ index, 0: word }) => index <= column && column <= index + word.length,
    );
    if (found === undefined) return null;
    const [from, to] = [found.index, found.index + found[0].length];
    const lines = view.state.doc.toString().split('\n');
    const note = noteAt(lines, { line: line.number - 1, from, to }, knowledge());
    if (note === undefined) return null;
    return {
      pos: line.from + from,
      end: line.from + to,
      create: () => ({ dom: noteElement(note) }),
    };
  });
}

function noteElement(note: string): HTMLElement {
  const dom = document.createElement('p');
  dom.className = 'word-note';
  dom.textContent = note;
  return dom;
}
