import { setTimeout as sleep } from 'node:timers/promises';
import { FloeError } from '@floe/errors';

export type WaitOptions = {
  /** What is waited for, as it reads in "waited 5 s for ...". */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs: number;
};

/** Asks `check` again and again until it says yes; DEADLINE_EXCEEDED when it does not within the bound. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  options: WaitOptions,
): Promise<void> {
  const deadline = performance.now() + options.withinMs;
  while (!(await check())) {
    if (performance.now() >= deadline) {
      throw new FloeError(
        'DEADLINE_EXCEEDED',
        `waited ${options.withinMs / 1000} s for ${options.what}, in vain`,
      );
    }
    await sleep(options.everyMs);
  }
}
