import type { MouseEvent, ReactNode } from 'react';
import { navigate } from '../router.ts';

export type LinkProps = {
  readonly to: string;
  readonly className?: string;
  readonly title?: string;
  /** The link of a row, which `j` and `k` go through. */
  readonly 'data-row'?: boolean;
  readonly 'aria-current'?: 'page' | undefined;
  readonly 'aria-label'?: string;
  readonly children: ReactNode;
};

/** A link inside the console; with a modifier key the browser opens it as it opens all links. */
export function Link({ to, children, ...attributes }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    navigate(to);
    globalThis.scrollTo(0, 0);
  };
  return (
    <a href={to} onClick={follow} {...attributes}>
      {children}
    </a>
  );
}
