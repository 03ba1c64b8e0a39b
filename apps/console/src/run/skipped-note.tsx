import type { JsonObject, Run } from '@floe/client';
import { parameterText } from '../components/parameter-list.tsx';
import { taskEntry } from '../workflow/task-config.ts';
import { useDocument } from './use-document.ts';

export type SkippedNoteProps = { readonly run: Run; readonly taskId: string };

/** Why a task was skipped: by its own condition, or for what became of the tasks before it. */
export function SkippedNote({ run, taskId }: SkippedNoteProps) {
  const value = useDocument(run);
  if (value === undefined) return null;
  const { when, trigger } = taskEntry(value, taskId);
  const condition = (when as JsonObject | undefined)?.['text'];
  if (typeof condition === 'string') {
    return (
      <p className="muted">
        Its condition <code>{condition}</code> did not hold, or a task before it was skipped.
      </p>
    );
  }
  return (
    <p className="muted">
      What became of the tasks before it is not what it waits for:{' '}
      <code>{parameterText(trigger)}</code>.
    </p>
  );
}
