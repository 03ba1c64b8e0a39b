import { FloeError } from '@floe/errors';
import type { Caller } from './caller.ts';
import { includes } from './level.ts';
import type { Level } from './level.ts';

/** Throws SCOPE_INSUFFICIENT when the caller may not do what asks for this level. */
export function requireLevel(caller: Caller, wanted: Level, operation: string): void {
  if (includes(caller.level, wanted)) return;
  throw new FloeError(
    'SCOPE_INSUFFICIENT',
    `${operation} asks for the scope ${wanted}, and ${caller.actor} has ${caller.level}`,
    {
      details: { wanted, has: caller.level },
      hint: `Use a token with the scope ${wanted}: floe tokens create NAME --scope ${wanted}.`,
    },
  );
}
