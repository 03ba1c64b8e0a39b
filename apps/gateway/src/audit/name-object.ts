/** What a deed was done to, as one text: `runs/ID`, `workflows/NAME`, `runs/ID/tasks/TASK`. */

// Longer than any path of names and ids.
const OBJECT_CHARACTERS_MAX = 512;

/** From the path of the request, without the prefix of the API and the verb. */
export function objectOfPath(path: string): string {
  const object = path.replace(/^\/api\/v1\//, '').replace(/:[a-z]+$/i, '');
  return printable(decode(object));
}

/** Names and ids that answers have, by the noun of their collection. */
const IDS_IN_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  runs: ['run', 'runId'],
  workflows: ['version', 'workflowName'],
  backfills: ['backfill', 'backfillId'],
  tokens: ['token', 'tokenId'],
  views: ['view', 'viewId'],
};

/** A collection got a member: its name or id is in the answer only. */
export function objectWithAnswer(object: string, answer: object | undefined): string {
  const found = (IDS_IN_ANSWERS[object] ?? []).reduce<unknown>(
    (value, name) => (isObject(value) ? Reflect.get(value, name) : undefined),
    answer,
  );
  return typeof found === 'string' && found !== '' ? printable(`${object}/${found}`) : object;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not well written: what was sent is what is told.
    return path;
  }
}

/** One line, and nothing that PostgreSQL would refuse. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}').slice(0, OBJECT_CHARACTERS_MAX);
}
