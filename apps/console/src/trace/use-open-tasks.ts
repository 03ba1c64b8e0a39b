import { useState } from 'react';
import type { TaskRun } from '@floe/client';

// More attempts than these are a map of many items: it is one line until somebody opens it.
const OPEN_ATTEMPTS_MAX = 8;

export type OpenTasks = {
  readonly isOpen: (task: Pick<TaskRun, 'taskId' | 'attempts'>) => boolean;
  readonly turn: (taskId: string) => void;
};

/** Which tasks show their attempts: those with few, until somebody turns one over. */
export function useOpenTasks(): OpenTasks {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  return {
    isOpen: ({ taskId, attempts }) => attempts.length <= OPEN_ATTEMPTS_MAX !== turned.has(taskId),
    turn: (taskId) =>
      setTurned((before) => {
        const after = new Set(before);
        if (!after.delete(taskId)) after.add(taskId);
        return after;
      }),
  };
}
