import type { z } from 'zod';
import { checkStorable } from './check-storable.ts';
import { unreadable, type Finding } from './finding.ts';
import { describeJson, isRecord, type Json, type JsonRecord } from './json.ts';
import { FINDINGS_MAX } from './limits.ts';

/** What is gathered while one document is read. */
export class Reading {
  readonly #refusals: Finding[] = [];
  readonly #notes: Finding[] = [];
  readonly #unmapped = new Set<string>();

  /** Keeps the workflow from being run. */
  refuse(path: string, message: string, hint?: string): void {
    add(this.#refusals, { path, message, ...(hint === undefined ? {} : { hint }) });
  }

  note(path: string, message: string, hint?: string): void {
    add(this.#notes, { path, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** Fields of a record that its shape does not know. `at` names places by `*`. */
  keepUnmapped(at: string, names: Iterable<string>): void {
    for (const name of names) this.#unmapped.add(at === '' ? name : `${at}.${name}`);
  }

  get refusals(): readonly Finding[] {
    return this.#refusals;
  }

  get notes(): readonly Finding[] {
    return this.#notes;
  }

  get unmapped(): readonly string[] {
    return [...this.#unmapped].toSorted();
  }
}

function add(list: Finding[], finding: Finding): void {
  if (list.length < FINDINGS_MAX) list.push(finding);
}

type Where = {
  readonly path: string;
  /** The same with `*` for names that the document chose. */
  readonly at: string;
};

/** A record in its shape; what the shape does not know is kept as unmapped. Throws DOCUMENT_INVALID. */
export function readShape<Shape extends z.ZodObject>(
  value: Json,
  shape: Shape,
  { reading, path, at }: Where & { readonly reading: Reading },
): z.output<Shape> {
  if (!isRecord(value)) {
    throw unreadable([{ path, message: `is ${describeJson(value)}, not an object` }]);
  }
  reading.keepUnmapped(
    at,
    Object.keys(value).filter((name) => !Object.hasOwn(shape.shape, name)),
  );
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(
    parsed.error.issues.map((issue) => ({
      path: [path, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
      message: issue.message,
    })),
  );
}

/** A field that is a JSON text or what the text stands for. Throws DOCUMENT_INVALID with what is wrong and where. */
export function readJsonField(value: Json | undefined, path: string): JsonRecord | undefined {
  const inner = typeof value === 'string' ? parseText(value, path) : value;
  if (inner === undefined || inner === null) return undefined;
  if (isRecord(inner)) return inner;
  throw unreadable([{ path, message: `is ${describeJson(inner)}, not an object` }]);
}

function parseText(text: string, path: string): Json | undefined {
  if (text.trim() === '') return undefined;
  const value = parseJson(text, path);
  // Some writers turned the text into JSON twice.
  if (typeof value === 'string' && value.trim().startsWith('{')) return parseText(value, path);
  // What the text escapes comes out here for the first time.
  checkStorable(value, path);
  return value;
}

function parseJson(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw unreadable([{ path, message: `is no JSON: ${reason}` }]);
  }
}
