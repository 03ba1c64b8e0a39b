/** Bounds of the metadata service, with their reasons. */

// What a list gives when the caller does not say, and at most: a page is one screen, or one export.
export const PAGE_SIZE_DEFAULT = 50;
export const PAGE_SIZE_MAX = 500;
// How far old tables may be behind the runs, where an installation has them.
export const FOLLOW_EVERY_MS = 1_000;
export const SEARCH_LENGTH_MAX = 100;
export const NAME_LENGTH_MAX = 63;
// Two names and a dot.
export const SCHEDULE_ID_LENGTH_MAX = 127;
export const FIELD_LENGTH_MAX = 255;
// A password file holds one line; a larger file is the wrong file.
export const SECRET_FILE_BYTES_MAX = 65_536;
// How long TestConnection waits for a server before it says so.
export const TEST_CONNECTION_MS = 5_000;
// A run whose load is in doubt waits for half a minute in all: so there is time for a second try.
export const RULE_OUT_MS = 8_000;
// As many as a task may have.
export const RULE_OUT_ITEMS_MAX = 10_000;
// Slots that PreviewSchedule gives when the caller does not say, and at most.
export const PREVIEW_COUNT_DEFAULT = 10;
export const PREVIEW_COUNT_MAX = 1_000;
// Names that are looked through for "did you mean".
export const NAMES_MAX = 200;
// Edges that one version may have: 500 tables of 200 columns; beyond it only the datasets are told apart.
export const LINEAGE_EDGES_MAX = 100_000;
// All questions to users' databases while a document is checked; half of a caller's usual deadline.
export const CHECK_MS = 5_000;
// A task leaves a preview, a summary and some findings.
export const ARTIFACT_COUNT_MAX = 32;
// A preview of a hundred wide rows is some hundred KiB; PostgreSQL checks the same.
export const ARTIFACT_BYTES_MAX = 1_048_576;
// What one task records at once: as many as its document may name, values and computed ones.
export const RECORD_COUNT_MAX = 200;
// Facts that one workflow may have, of all of its tasks: nobody reads more, and GetWorkflow brings them all.
export const METADATA_COUNT_MAX = 500;
// What the document allows, twice for what parameters add.
export const METADATA_TEXT_LENGTH_MAX = 4_000;
// Documents of one import call: a transaction that long holds few rows and waits for one commit.
export const IMPORT_DOCUMENTS_MAX = 200;
// Together they have to fit into a message of 4 MiB with what stands around them.
export const IMPORT_CHARACTERS_MAX = 3 * 1_048_576;
export const IMPORT_RUNS_MAX = 500;
// Nodes of all runs of one call.
export const IMPORT_NODE_RUNS_MAX = 20_000;
// Documents that are put aside in one call; PostgreSQL checks the length of each again.
export const QUARANTINED_MAX = 200;
export const EXCERPT_LENGTH_MAX = 4_000;
// Reasons are for people.
export const REASON_LENGTH_MAX = 4_000;
