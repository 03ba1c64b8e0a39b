import { useEffect, useEffectEvent, useRef } from 'react';
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  HighlightStyle,
  bracketMatching,
  foldGutter,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '@floe/client';
import { completeDocument } from './complete.ts';
import type { Knowledge } from './complete.ts';
import { explainWord } from './explain-word.ts';
import { placeProblems } from './problem-places.ts';

export type CodeEditorProps = {
  /** What it begins with; later changes are its own. */
  readonly initial: string;
  readonly problems: readonly Problem[];
  /** What completion knows of the document. */
  readonly knowledge: Knowledge;
  /** A place to go to, each time that it is another object. */
  readonly goTo: { readonly line: number } | undefined;
  readonly onChange: (source: string) => void;
};

const COLOURS = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--glacier)' },
  { tag: tags.string, color: 'var(--tone-good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--tone-off)' },
  { tag: tags.comment, color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: tags.keyword, color: 'var(--tone-warn)' },
]);

/** The text of a document, with completion and errors in place. */
export function CodeEditor({ initial, problems, knowledge, goTo, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const known = useRef(knowledge);
  const tell = useEffectEvent(onChange);
  useEffect(() => {
    known.current = knowledge;
  }, [knowledge]);
  useEffect(() => {
    if (host.current === null) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          ...basics(),
          autocompletion({
            override: [(context) => completeDocument(context, known.current)],
          }),
          explainWord(() => known.current),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [initial]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const marked = placeProblems(editor.state.doc.toString(), problems);
    const diagnostics = marked.map(({ from, to, problem }) => ({
      from,
      to,
      severity:
        problem.severity === 'PROBLEM_SEVERITY_WARNING' ? ('warning' as const) : ('error' as const),
      message: `${problem.message}${problem.hint === '' ? '' : ` ${problem.hint}`}`,
    }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || goTo === undefined) return;
    const { from } = editor.state.doc.line(
      Math.min(Math.max(1, goTo.line), editor.state.doc.lines),
    );
    editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from) });
    editor.focus();
  }, [goTo]);
  return <div className="code-editor" ref={host} />;
}

function basics() {
  return [
    lineNumbers(),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    lintGutter(),
    yaml(),
    syntaxHighlighting(COLOURS),
    EditorView.contentAttributes.of({ 'aria-label': 'Document', tabindex: '0' }),
    EditorView.cspNonce.of(styleNonce()),
    keymap.of([
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      indentWithTab,
    ]),
  ];
}

/** The editor makes a style sheet of its own, which the page allows only with this. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
