/** Small workflows for tests, each about one thing. */

/** Runs for a chosen time in one statement of PostgreSQL. */
export function sleepingQuery(name: string, seconds: number): string {
  return `name: ${name}
tasks:
  slow:
    type: postgres_extract
    connection: source
    query: select 1 as one from pg_sleep(${seconds})
`;
}

/** Two tasks without data, for tests of what happens around them. */
export function twoSteps(name: string): string {
  return `name: ${name}
tasks:
  first: { type: noop }
  second: { type: noop, needs: [first] }
`;
}
