/** What an answer must never be, whatever was asked. */
import { DROP_TABLE } from './hostile.ts';
import type { FuzzRequest } from './requests.ts';

export type FuzzAnswer = {
  readonly status: number;
  readonly type: string;
  readonly text: string;
};

// What is behind the gateway and is not there: somebody else's database.
const ALLOWED_503: ReadonlySet<string> = new Set(['CONNECTION_FAILED']);
// Files, folders and lines of the program; statements, tables and users of the control database.
const LEAKS = [
  /node_modules/,
  /\.ts:\d+/,
  /\n\s+at /,
  /\/apps\/\w+\/src/,
  /file:\/\//,
  /floe\.(run|api_token|workflow|audit_entry|saved_view)\b.*(relation|column)/,
  /syntax error at or near/,
  /invalid byte sequence/,
  /postgres(ql)?:\/\/\w+:/,
];

/** What is wrong with the answer; undefined when nothing is. */
export function findFault({ status, type, text: answered }: FuzzAnswer): string | undefined {
  // What was asked for and is there may hold anything: documents, logs and lineage are the caller's own.
  if (status < 400) return undefined;
  // An answer may repeat what was asked, and this names what else only a leak would.
  const text = answered.replaceAll(DROP_TABLE, '');
  const leak = LEAKS.find((pattern) => pattern.test(text));
  if (leak !== undefined) return `leaks ${String(leak)}`;
  if (!type.startsWith('application/problem+json'))
    return `${status} is no problem document: ${type}`;
  const { code, status: told } = JSON.parse(text) as { code: string; status: number };
  if (told !== status) return `${status} says ${told}`;
  if (status === 501 && code === 'NOT_IMPLEMENTED') return undefined;
  if (status === 503 && ALLOWED_503.has(code)) return undefined;
  return status >= 500 ? `${status} ${code}` : undefined;
}

/** The request, short enough to be read and long enough to be sent again. */
export function describeRequest({ method, path, headers, body }: FuzzRequest): string {
  const short = (text: string) => (text.length > 400 ? `${text.slice(0, 400)}…` : text);
  return `${method} ${short(path)} ${JSON.stringify(headers)} ${short(body ?? '')}`;
}
