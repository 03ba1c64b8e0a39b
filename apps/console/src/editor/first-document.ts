/** What a new workflow begins with: it is whole, runs without a database, and shows the shape of a document. */
export const FIRST_DOCUMENT = `name: first-steps
description: What this workflow is for.

params:
  day: { type: date, default: 2001-01-01, description: The day to work on. }

tasks:
  gather:
    type: sleep
    duration: 1s
    description: Replace it by what brings the data, like postgres_extract.
  settle:
    type: noop
    needs: [gather]
`;
