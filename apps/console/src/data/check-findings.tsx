import { Icon } from '../components/icon.tsx';
import type { Finding } from './findings.ts';
import { formatCell } from './profile.ts';

/** Every rule of a check: whether it held, what was found, and the first rows that break it. */
export function CheckFindings({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={finding.rule} data-tone={toneOf(finding)}>
          <p>
            <span className="state" data-tone={toneOf(finding)}>
              <Icon name={finding.passed ? 'check' : 'cross'} />
              {finding.passed ? 'holds' : finding.severity === 'warn' ? 'warning' : 'broken'}
            </span>{' '}
            <strong>{finding.rule}</strong>
          </p>
          <p className="muted">{finding.found}</p>
          <FailingRows finding={finding} />
        </li>
      ))}
    </ul>
  );
}

function toneOf({ passed, severity }: Finding): 'good' | 'warn' | 'bad' {
  if (passed) return 'good';
  return severity === 'warn' ? 'warn' : 'bad';
}

function FailingRows({ finding: { failing, rule } }: { readonly finding: Finding }) {
  if (failing === undefined || failing.rows.length === 0) return null;
  return (
    <div
      className="table-frame preview"
      tabIndex={0}
      role="region"
      aria-label={`Rows that break ${rule}`}
    >
      <table>
        <thead>
          <tr>
            {failing.schema.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {failing.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} data-null={cell === null}>
                  {formatCell(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
