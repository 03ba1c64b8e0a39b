/** Bounds of what is taken from the old system, with their reasons. */

// A batch of documents has to fit into one gRPC message of 4 MiB, and the workflow that is made of one into 1 MiB.
export const DOCUMENT_CHARACTERS_MAX = 1_048_576;
// BSON allows a hundred levels; text that is JSON again adds some within.
export const DEPTH_MAX = 100;
// JSON within JSON within JSON: nobody has written more.
export const NESTED_TEXT_MAX = 3;
// What a workflow of Floe may have.
export const NODES_MAX = 10_000;
// Ids are keys of tables; PostgreSQL indexes at most 2,704 bytes of one.
export const ID_LENGTH_MAX = 512;
// Names are shown in lists.
export const NAME_LENGTH_MAX = 1_000;
// Findings of one kind beyond this say nothing new, and all of them travel in one answer.
export const FINDINGS_MAX = 100;
