import type { Problem } from '@floe/client';
import { Icon } from '../components/icon.tsx';

export type ProblemListProps = {
  readonly problems: readonly Problem[];
  readonly onGoTo: (line: number) => void;
};

/** All that is wrong, with its place and what mends it. */
export function ProblemList({ problems, onGoTo }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <section className="card" aria-labelledby="problems-title">
      <header className="card-head">
        <h2 id="problems-title">Problems</h2>
      </header>
      <ul className="problems">
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" onClick={() => onGoTo(problem.line)}>
              <ProblemText problem={problem} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProblemText({ problem }: { readonly problem: Problem }) {
  const { severity, line, column, field, message, hint } = problem;
  const isWarning = severity === 'PROBLEM_SEVERITY_WARNING';
  return (
    <>
      <span className="state" data-tone={isWarning ? 'warn' : 'bad'}>
        <Icon name={isWarning ? 'lost' : 'cross'} />
        {line > 0 ? `${line}:${column}` : 'document'}
      </span>
      <span>
        {field !== '' && <code>{field}</code>} {message}
        {hint !== '' && <span className="muted"> {hint}</span>}
      </span>
    </>
  );
}
