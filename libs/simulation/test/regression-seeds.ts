/**
 * Seeds that failed once, with what they found. They run for ever, though a change of what is drawn from a seed makes
 * another world of it.
 */
export const REGRESSION_SEEDS: readonly (readonly [seed: number, found: string])[] = [
  [1, 'a repeated exchange that held nothing claimed attempts and told nobody'],
  [121, 'the same, seen by a cancel that had to wait for the lease'],
  [702, 'locks of a session that ended in the instant in which it got them'],
  [1633, 'two transactions that waited for each other, over attempts that a token holds'],
  [194, 'statements that a cut had swallowed were never sent again'],
  [1_816_949_602, 'an exchange that came a second time, late, and took work that nobody heard of'],
  [492, 'a run that was to be left alone, cancelled because its parent had just been given up'],
  [
    2_627_284_942,
    'a run that had ended and was told to begin a second time kept a place of its key for ever',
  ],
  [
    863_583_488,
    'what the checker of calm took for lost: an attempt of several tasks that took too long',
  ],
  [
    863_596_924,
    'what the checker of order took for late: the second task of an attempt, beside a pause',
  ],
  [
    117_902_114,
    'what the checker of calm took for lost: a lead that was ended, told by a partition first',
  ],
  [117_894_202, 'what the checker of backfills took for done before: a clock that was set back'],
  [
    2_576_286_997,
    'a statement that waited for a lock when the database went down heard of it only after its own timeout',
  ],
  [
    3_835_376_997,
    'two runs of a schedule at once: one was begun by an earlier holder while its successor decided',
  ],
  [
    2_110_002_270,
    'a timer for less than a part of a millisecond, set again within one instant for ever',
  ],
  [
    4_250_942_251,
    'a task whose run was cancelled before its child was stored waited until the cancel was given up',
  ],
  [6537, 'a run that was run again twice counted rows that nobody could count'],
];

/** Besides them the same worlds each time, so that two runs of CI can be compared. */
export const FIXED_SEEDS = { from: 1, to: 600 };
