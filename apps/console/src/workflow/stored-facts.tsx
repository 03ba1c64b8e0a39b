import type { WorkflowMetadata } from '@floe/client';
import { Link } from '../components/link.tsx';
import { runPath } from '../router.ts';

/** What the newest runs stored about the workflow, each with the run that said so. */
export function StoredFacts({ facts }: { readonly facts: readonly WorkflowMetadata[] }) {
  if (facts.length === 0) return null;
  return (
    <ul className="parameters" aria-label="Facts that runs stored">
      {facts.map(({ name, value, runId, time }) => (
        <li key={name} title={time}>
          <span className="muted">{name}</span>{' '}
          <Link to={runPath(runId)}>
            <code>{String(value)}</code>
          </Link>
        </li>
      ))}
    </ul>
  );
}
