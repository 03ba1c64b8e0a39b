/** Bounds of one condition: it is read by people and evaluated in the middle of every decision about its task. */

export const CONDITION_LENGTH_MAX = 2_000;

// Parentheses and `not` within each other; deeper nesting is no longer a condition that anybody reads.
export const CONDITION_DEPTH_MAX = 20;
