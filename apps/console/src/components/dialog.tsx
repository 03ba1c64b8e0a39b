import { useLayoutEffect, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';

export type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A modal dialog of the browser: it keeps the focus, and Escape or a click beside it closes it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the page: the focus goes back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const closeBeside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  // The event of a dialog that was opened again meanwhile is of the past.
  const closed = () => {
    if (dialog.current?.open !== true) onClose();
  };
  return (
    <dialog ref={dialog} aria-label={title} onClose={closed} onClick={closeBeside}>
      <div className="dialog-body">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
