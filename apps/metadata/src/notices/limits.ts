/** Bounds of notices, with their reasons. */

// People do not wait for a mail by the second.
export const LOOK_EVERY_MS = 1_000;
// `late_after` is 10 s or more.
export const LATE_EVERY_MS = 5_000;
export const FORGET_EVERY_MS = 3_600_000;
// One transaction: as many ends as a busy scheduler makes in a second or two.
export const ENDS_PER_PASS = 1_000;
export const LATE_PER_RULE = 1_000;
// Turns of one pass, so that what is new is looked at in between.
export const TURNS_PER_PASS = 20;
// A receiver that answers slowly, or never, holds up one of them: the others tell everybody else. Each asks the database once
// a second when nothing is to be told.
export const SENDERS = 4;
// Each takes at most 15 s (a mail; a webhook 10 s), and claims last 90 s.
export const MESSAGES_PER_TURN = 5;
export const KEEP_DAYS = 90;
export const FORGET_COUNT_MAX = 10_000;
// One value of a notice: enough for an error in words.
export const VALUE_LENGTH_MAX = 2_000;
// A file of rules for all workflows is written by people.
export const RULES_FILE_BYTES_MAX = 1_048_576;
