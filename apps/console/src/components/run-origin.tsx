import type { Run, TriggerKind } from '@floe/client';
import { runPath } from '../router.ts';
import { Link } from './link.tsx';

const WORDS: Readonly<Record<TriggerKind, string>> = {
  TRIGGER_KIND_UNSPECIFIED: 'unknown',
  TRIGGER_KIND_MANUAL: 'manual',
  TRIGGER_KIND_SCHEDULE: 'schedule',
  TRIGGER_KIND_BACKFILL: 'backfill',
  TRIGGER_KIND_WORKFLOW: 'run',
  TRIGGER_KIND_RETRY: 'retry',
};

/** What started a run; of a retry and of a run within another, which run that was. */
export function RunOrigin({ run: { trigger, retryOfRunId, parentRunId } }: { readonly run: Run }) {
  const word = WORDS[trigger];
  const before = retryOfRunId === '' ? parentRunId : retryOfRunId;
  if (before === '') return <span>{word}</span>;
  return (
    <span>
      {retryOfRunId === '' ? 'run ' : 'retry of '}
      <Link to={runPath(before)} title={before}>
        {before.slice(-8)}
      </Link>
    </span>
  );
}
