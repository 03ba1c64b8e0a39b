import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { useTheme } from '../theme.ts';
import type { Palette } from './draw-graph.ts';

const VARIABLES: Readonly<Record<keyof Palette, string>> = {
  wait: '--tone-wait',
  live: '--tone-live',
  good: '--tone-good',
  bad: '--tone-bad',
  warn: '--tone-warn',
  off: '--tone-off',
  ink: '--ink',
  soft: '--ink-soft',
  ice: '--ice',
  line: '--line-strong',
  chosen: '--glacier',
};

/** The colours of the theme as a canvas wants them; again when the theme or the system changes. */
export function usePalette(within: RefObject<HTMLElement | null>): Palette | undefined {
  const theme = useTheme();
  const [palette, setPalette] = useState<Palette>();
  useLayoutEffect(() => {
    const read = () => {
      if (within.current !== null) setPalette(readPalette(within.current));
    };
    read();
    const system = globalThis.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => system.removeEventListener('change', read);
  }, [theme, within]);
  return palette;
}

/** A variable may hold `light-dark(…)`; only what an element makes of it is a colour. */
function readPalette(within: HTMLElement): Palette {
  const probe = within.appendChild(document.createElement('span'));
  const colours = Object.entries(VARIABLES).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Palette;
}
