import { setQueryFields } from '../router.ts';

/** Shows a task beside the run; attempt and item are of the task. Nothing is shown for an empty name. */
export const selectTask = (taskId: string): void =>
  setQueryFields({ task: taskId, attempt: '', items: '', item: '' });
