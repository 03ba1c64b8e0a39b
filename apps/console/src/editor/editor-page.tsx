import { Suspense, lazy, useEffect, useState } from 'react';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { navigate, workflowPath } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { CodeEditor } from './code-editor.tsx';
import { dropDraft, keepDraft, readDraft } from './draft.ts';
import { FIRST_DOCUMENT } from './first-document.ts';
import { useOutline } from './use-outline.ts';
import { ProblemList } from './problem-list.tsx';
import { useValidation } from './use-validation.ts';

const TaskGraph = lazy(async () => ({
  default: (await import('../graph/task-graph.tsx')).TaskGraph,
}));

/** Writes the document of a workflow: completion, errors in place, the graph as it grows, apply. */
export function EditorPage({ name }: { readonly name: string }) {
  const answer = useAnswer({
    key: `edit ${name}`,
    call: async () =>
      name === '' ? FIRST_DOCUMENT : ((await floe.getWorkflow(name)).version?.source ?? ''),
  });
  useEffect(() => {
    document.title = `${name === '' ? 'New workflow' : `Edit ${name}`} · Floe`;
  }, [name]);
  return (
    <div className="page editor-page">
      <p className="crumbs">
        <Link to="/workflows">Workflows</Link>
        <span aria-hidden="true"> / </span>
        {name === '' ? 'new' : <Link to={workflowPath(name)}>{name}</Link>}
      </p>
      <Answered answer={answer} what="the document">
        {(initial) => <Editor name={name} initial={initial} />}
      </Answered>
    </div>
  );
}

type EditorProps = { readonly name: string; readonly initial: string };

function Editor({ name, initial }: EditorProps) {
  // What the editor began with stays: an answer that comes later must not take away what was written.
  const [stored] = useState(initial);
  const [begun, setBegun] = useState(() => readDraft(name) ?? stored);
  const [source, setSource] = useState(begun);
  const outline = useOutline();
  const [goTo, setGoTo] = useState<{ readonly line: number }>();
  const { result, error, isStale } = useValidation(source);
  const problems = result?.problems ?? [];
  const tasks = result?.tasks ?? [];
  const write = (text: string) => {
    setSource(text);
    if (text === stored) dropDraft(name);
    else keepDraft(name, text);
  };
  const beginAnew = () => {
    write(stored);
    setBegun(stored);
  };
  return (
    <>
      <header className="page-head">
        <h1>{name === '' ? 'New workflow' : name}</h1>
        <span role="status" className="muted">
          {isStale ? 'Checking …' : describe(result?.valid, problems.length)}
        </span>
        <Apply name={name} source={source} canApply={result?.valid === true && !isStale} />
      </header>
      {begun !== stored && <DraftNote onDrop={beginAnew} />}
      {error !== undefined && <ProblemBanner title="It could not be checked." error={error} />}
      <div className="editor-body">
        <section className="card editor-text" aria-label="Document">
          <CodeEditor
            initial={begun}
            problems={problems}
            knowledge={{ outline, tasks }}
            goTo={goTo}
            onChange={write}
          />
        </section>
        <div className="editor-side">
          <section className="card graph" aria-label="Graph of the tasks">
            {tasks.length === 0 ? (
              <p className="muted graph-wait">The graph grows with the tasks.</p>
            ) : (
              <Suspense fallback={<p className="muted graph-wait">Drawing the graph …</p>}>
                <TaskGraph
                  tasks={tasks}
                  criticalTaskIds={[]}
                  selectedTaskId=""
                  onSelect={(taskId) => setGoTo({ line: lineOf(source, taskId) })}
                />
              </Suspense>
            )}
          </section>
          <ProblemList problems={problems} onGoTo={(line) => setGoTo({ line })} />
        </div>
      </div>
    </>
  );
}

function describe(isValid: boolean | undefined, problemCount: number): string {
  if (isValid === undefined) return '';
  if (problemCount === 0) return 'No problems';
  return `${problemCount} ${problemCount === 1 ? 'problem' : 'problems'}${isValid ? ', can be applied' : ''}`;
}

/** The line on which a task begins; 1 when it is not found. */
function lineOf(source: string, taskId: string): number {
  const at = source.split('\n').findIndex((line) => line.trimStart().startsWith(`${taskId}:`));
  return at === -1 ? 1 : at + 1;
}

function DraftNote({ onDrop }: { readonly onDrop: () => void }) {
  return (
    <div className="banner" role="status">
      <Icon name="clock" />
      <p>This is what you had written and not applied.</p>
      <button type="button" className="button" onClick={onDrop}>
        Begin anew
      </button>
    </div>
  );
}

type ApplyProps = { readonly name: string; readonly source: string; readonly canApply: boolean };

function Apply({ name, source, canApply }: ApplyProps) {
  const [error, setError] = useState<unknown>(undefined);
  const [isSending, setSending] = useState(false);
  const apply = async () => {
    setSending(true);
    try {
      const { version } = await floe.applyWorkflow(source);
      dropDraft(name);
      if (version !== undefined) navigate(workflowPath(version.workflowName));
    } catch (thrown) {
      setError(thrown);
      setSending(false);
    }
  };
  return (
    <div className="page-tools">
      {error !== undefined && <ProblemBanner title="It was not applied." error={error} />}
      <button
        type="button"
        className="button primary"
        disabled={!canApply || isSending}
        onClick={() => void apply()}
      >
        <Icon name="check" />
        {isSending ? 'Applying …' : 'Apply'}
      </button>
    </div>
  );
}
