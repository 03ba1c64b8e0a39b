import { useLayoutEffect, useRef } from 'react';
import { useShortcuts } from '../shortcuts.ts';

/**
 * `p` goes to the panel of the task that is open, and back to the task. A panel that is closed from within gives the focus
 * back, too.
 */
export function usePanelFocus(taskId: string) {
  const panel = useRef<HTMLElement>(null);
  useShortcuts({
    p: () => {
      if (holdsFocus(panel.current)) focusTask(taskId);
      else panel.current?.focus();
    },
  });
  useLayoutEffect(() => {
    const element = panel.current;
    return () => {
      if (holdsFocus(element)) focusTask(taskId);
    };
  }, [taskId]);
  return panel;
}

function holdsFocus(element: HTMLElement | null): boolean {
  return element?.contains(document.activeElement) ?? false;
}

/** In the graph, the timeline or the table, whichever is shown first. */
function focusTask(taskId: string): void {
  const inPage = document.querySelector<HTMLElement>(`button[data-task="${CSS.escape(taskId)}"]`);
  (inPage ?? document.getElementById('content'))?.focus();
}
