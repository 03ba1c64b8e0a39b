import type { ReactNode } from 'react';
import type { StateIcon } from '../state/state-mark.ts';

export type IconName =
  | StateIcon
  | 'copy'
  | 'close'
  | 'link'
  | 'sun'
  | 'moon'
  | 'screen'
  | 'down'
  | 'search'
  | 'play'
  | 'plus';

const SHAPES: Readonly<Record<IconName, ReactNode>> = {
  dots: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.4" />,
  ring: <circle cx="8" cy="8" r="5.6" strokeDasharray="2.6 1.8" />,
  spin: (
    <>
      <circle cx="8" cy="8" r="5.6" opacity=".3" />
      <path d="M8 2.4A5.6 5.6 0 0 1 13.6 8" />
    </>
  ),
  pause: <path d="M5.6 3.6v8.8M10.4 3.6v8.8" strokeWidth="2.2" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1.2" />,
  check: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="m5.3 8.2 1.9 1.9 3.5-4" />
    </>
  ),
  cross: (
    <>
      <path d="M5.4 1.9h5.2l3.5 3.5v5.2l-3.5 3.5H5.4l-3.5-3.5V5.4z" />
      <path d="m6 6 4 4m0-4-4 4" />
    </>
  ),
  slash: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="m4.2 11.8 7.6-7.6" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  again: <path d="M13.2 8a5.2 5.2 0 1 1-1.5-3.7M13.4 1.9v3h-3" />,
  skip: <path d="m3 4 5 4-5 4zm6 0 4 4-4 4" />,
  blocked: <path d="M8 13.6V6.4m-3 3 3-3 3 3M2.6 3h10.8" />,
  lost: (
    <>
      <circle cx="8" cy="8" r="5.8" strokeDasharray="3 2" />
      <path d="M6.4 6.6a1.7 1.7 0 1 1 2.3 1.6c-.5.2-.7.5-.7 1M8 11.2h.01" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.4" />
      <path d="M3.6 10.5h-.3A.8.8 0 0 1 2.5 9.7V3.3a.8.8 0 0 1 .8-.8h6.4a.8.8 0 0 1 .8.8v.3" />
    </>
  ),
  close: <path d="m4 4 8 8m0-8-8 8" />,
  link: (
    <path d="M9 2.6h4.4V7M13.2 2.8 7.6 8.4M11.4 9.6v3a.9.9 0 0 1-.9.9H3.4a.9.9 0 0 1-.9-.9V5.5a.9.9 0 0 1 .9-.9h3" />
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.4v1.4m0 10.4v1.4M1.4 8h1.4m10.4 0h1.4M3.3 3.3l1 1m7.4 7.4 1 1m0-9.4-1 1m-7.4 7.4-1 1" />
    </>
  ),
  moon: <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />,
  screen: <path d="M2.4 3h11.2v7.6H2.4zM6 13.4h4M8 10.8v2.4" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.2 3.2" />
    </>
  ),
  play: <path d="M5 3.2 12.6 8 5 12.8z" />,
  plus: <path d="M8 3v10M3 8h10" />,
  down: <path d="M8 3v9.4M4.4 9 8 12.6 11.6 9" />,
};

/** A line drawing in the colour of the text around it. It says nothing to a screen reader: a word stands beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  );
}
