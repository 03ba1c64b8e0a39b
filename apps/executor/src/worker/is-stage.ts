import type { Job } from './messages.ts';

/** Whether the attempt carries out more than its own task. */
export function isStage({ makers, followers }: Job): boolean {
  return makers.length + followers.length > 0;
}
