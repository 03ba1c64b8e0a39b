import { aroundChanges, diffLines } from './diff-lines.ts';
import type { DiffLine } from './diff-lines.ts';

// Enough to see where one is.
const AROUND = 3;
const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

export type SourceDiffProps = {
  readonly before: string;
  readonly after: string;
  readonly label: string;
};

/** Two texts line by line: what went and what came. */
export function SourceDiff({ before, after, label }: SourceDiffProps) {
  const lines = aroundChanges(diffLines(before, after), AROUND);
  if (lines.length === 0) return <p className="muted card-body">There is no difference.</p>;
  return (
    <div className="diff" role="region" aria-label={label} tabIndex={0}>
      <table>
        <tbody>
          {lines.map((line, index) =>
            line === undefined ? (
              <tr key={`gap ${index}`} className="diff-gap">
                <td colSpan={4}>⋯</td>
              </tr>
            ) : (
              <DiffRow key={`${line.before} ${line.after}`} line={line} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function DiffRow({ line: { kind, text, before, after } }: { readonly line: DiffLine }) {
  return (
    <tr data-kind={kind}>
      <td className="diff-number">{before > 0 && before}</td>
      <td className="diff-number">{after > 0 && after}</td>
      <td className="diff-sign">
        <span aria-hidden="true">{SIGNS[kind]}</span>
        {kind !== 'same' && <span className="visually-hidden">{kind}</span>}
      </td>
      <td>
        <code>{text}</code>
      </td>
    </tr>
  );
}
