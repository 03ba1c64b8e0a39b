/** Far more than a person writes; keeps the cost of parsing hostile text small. */
export const MAX_TEXT_BYTES = 256 * 1024;

/** Brackets and operators within each other. Real texts stay below 20; the tree walkers recurse this deep. */
export const MAX_NESTING = 200;

/** Levels of the whole syntax tree, where a chain of methods counts two for each. Guards the stack. */
export const MAX_TREE_DEPTH = 1_000;

/** A reader mends the first errors first; more only hide them. */
export const MAX_VIOLATIONS = 20;

/** Members of one literal list, as in `is_in([...])`. Longer lists belong into a table and a join. */
export const MAX_LIST_ITEMS = 10_000;

/** Polars' JSON reader stops at 128 levels (serde_json); what goes beyond would fail only at run time. */
export const MAX_JSON_DEPTH = 120;

/** Columns named in a hint; the rest is counted. */
export const MAX_LISTED_COLUMNS = 30;

/** Length of `${{ ... }}`. A parameter's name is short. */
export const MAX_PLACEHOLDER_LENGTH = 200;

/** Texts up to this length are parsed on after an error, to report several; that takes up to 15 ms for each KiB. */
export const MAX_RECOVERED_LENGTH = 4 * 1024;

/** Operators that follow each other without a comma or bracket. Each is a level of the tree of the grammar. */
export const MAX_CHAINED_OPERATORS = 2_000;

/** Lines outside of brackets: a statement is at least one. */
export const MAX_STATEMENTS = 2_000;

/** Strings of one text: as many as fit the longest list, and plenty for the rest. */
export const MAX_STRINGS = 25_000;
