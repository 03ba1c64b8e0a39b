/**
 * Takes passwords out of documents: no store, report or message of Floe ever holds one.
 *
 *   T1. The value of every field whose name speaks of a secret becomes `***`, at any depth, also in texts that are JSON.
 *   T2. So does the password within an address, like `postgres://user:password@host`.
 *   T3. Done twice, it changes nothing: who receives a document does it again and need not trust the sender.
 */
import { isList, isRecord, type Json, type JsonRecord } from './json.ts';
import { NESTED_TEXT_MAX } from './limits.ts';

export const SECRET_MASK = '***';

const SECRET_NAME =
  /pass(?:word|wd|phrase|code)?$|^pwd$|_pwd$|secret|token$|private[_-]?key|api[_-]?key|access[_-]?key|credentials?$|^authorization$/i;
// Every part is bounded, so that no text makes the search slow.
const ADDRESS_PASSWORD =
  /(?<before>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,256}:)[^\s/]{1,256}(?<after>@)/gi;
const KEYWORD_PASSWORD =
  /(?<before>\b(?:password|passwd|pwd)\s{0,4}=\s{0,4})(?:'[^']{0,256}'|"[^"]{0,256}"|[^\s;&'"]{1,256})/gi;
const NAMED_SECRET =
  /(?<before>\\{0,8}["'][^"'\\]{0,40}(?:pass|pwd|secret|token|key|credential)[^"'\\]{0,40}\\{0,8}["']\s{0,4}:\s{0,4})(?:\\{0,8}"[^"]{0,1024}"?|[^\s,}\]]{1,1024})/gi;

/** The document without its secrets. It has to be one that `checkStorable` lets through. */
export function takeOutSecrets(document: JsonRecord): JsonRecord {
  return cleanRecord(document, 0);
}

/** A text that could not be read as a document, with all that looks like a password masked. */
export function maskText(text: string): string {
  return maskAddresses(text.replaceAll(NAMED_SECRET, `$<before>"${SECRET_MASK}"`));
}

/** Most texts hold no address and no password: what has to be in one that does is looked for first. */
function maskAddresses(text: string): string {
  const masked = text.includes('://')
    ? text.replaceAll(ADDRESS_PASSWORD, `$<before>${SECRET_MASK}$<after>`)
    : text;
  return masked.includes('=')
    ? masked.replaceAll(KEYWORD_PASSWORD, `$<before>${SECRET_MASK}`)
    : masked;
}

/** The record itself where nothing in it is secret. */
function cleanRecord(record: JsonRecord, nested: number): JsonRecord {
  let hasSecret = false;
  const entries = Object.entries(record).map(([name, value]) => {
    const cleaned = isSecret(name, value) ? SECRET_MASK : clean(value, nested);
    hasSecret ||= cleaned !== value;
    return [name, cleaned] as const;
  });
  // Entries, not assignments: a field may be named `__proto__`.
  return hasSecret ? Object.fromEntries(entries) : record;
}

function cleanList(list: readonly Json[], nested: number): readonly Json[] {
  const cleaned = list.map((each) => clean(each, nested));
  return cleaned.some((each, index) => each !== list[index]) ? cleaned : list;
}

function isSecret(name: string, value: Json): boolean {
  if (typeof value === 'string') return value !== '' && SECRET_NAME.test(name);
  return typeof value === 'number' && SECRET_NAME.test(name);
}

function clean(value: Json, nested: number): Json {
  if (typeof value === 'string') return cleanText(value, nested);
  if (isList(value)) return cleanList(value, nested);
  return isRecord(value) ? cleanRecord(value, nested) : value;
}

function cleanText(text: string, nested: number): string {
  const inner = nested < NESTED_TEXT_MAX && /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (inner === undefined) return maskAddresses(text);
  const cleaned = clean(inner, nested + 1);
  return cleaned === inner ? text : JSON.stringify(cleaned);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not JSON after all: a text like any other.
    return undefined;
  }
}
