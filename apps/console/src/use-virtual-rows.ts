import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

export type VirtualRows<Frame extends HTMLElement> = {
  /** Of the element that scrolls. */
  readonly frame: RefObject<Frame | null>;
  readonly noteScroll: () => void;
  /** The rows to draw: from the first up to, not with, the end. */
  readonly first: number;
  readonly end: number;
  /** Heights of what is not drawn, in pixels. */
  readonly before: number;
  readonly after: number;
};

// Drawn beyond both edges, so that a fast finger finds rows and no gap.
const MARGIN_ROWS = 12;

/** Draws of many rows of the same height only those that can be seen. */
export function useVirtualRows<Frame extends HTMLElement>(
  count: number,
  rowHeight: number,
): VirtualRows<Frame> {
  const frame = useRef<Frame>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const noteScroll = () => {
    const element = frame.current;
    if (element === null) return;
    const { scrollTop, clientHeight } = element;
    // Only what changes the rows draws again.
    const top = Math.floor(scrollTop / rowHeight) * rowHeight;
    setView((before) =>
      before.top === top && before.height === clientHeight ? before : { top, height: clientHeight },
    );
  };
  useLayoutEffect(() => {
    noteScroll();
    const element = frame.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(noteScroll);
    watch.observe(element);
    return () => watch.disconnect();
  }, [count === 0]);
  const { first, end } = visibleRows(view, count, rowHeight);
  return {
    frame,
    noteScroll,
    first,
    end,
    before: first * rowHeight,
    after: (count - end) * rowHeight,
  };
}

/** The rows of a view with a margin; never beyond what there is. */
export function visibleRows(
  view: { readonly top: number; readonly height: number },
  count: number,
  rowHeight: number,
): { readonly first: number; readonly end: number } {
  const top = Math.min(Math.floor(view.top / rowHeight), count);
  const first = Math.max(0, top - MARGIN_ROWS);
  const seen = Math.ceil(view.height / rowHeight);
  return { first, end: Math.min(count, top + seen + MARGIN_ROWS + 1) };
}
