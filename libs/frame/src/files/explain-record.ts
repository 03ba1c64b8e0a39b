/** What is wrong with one record of a text file, in words. */
import { isUtf8 } from 'node:buffer';
import { formatDataType, type Schema } from '@floe/expression';
import { INFERENCE_ROWS } from './scan-text.ts';
import { type TextFile, textShape } from './text-file.ts';
import { fieldsOf } from './text-records.ts';

export type Fault = {
  readonly line: number;
  readonly column?: string;
  /** What comes after `line 7` or `line 7, column "id"`. */
  readonly reason: string;
  readonly hint?: string;
};

export type BadRecord = {
  readonly bytes: Buffer;
  readonly line: number;
  /** Within quotes at the end of the file. */
  readonly isOpen: boolean;
};

type Judge = {
  readonly file: TextFile;
  readonly header: Buffer;
  /** Whether Polars reads the records, with these types. */
  accepts(records: Buffer, schema?: Schema): Promise<boolean>;
};

const SHOWN_CHARACTERS = 60;

export async function explainRecord(record: BadRecord, judge: Judge): Promise<Fault | undefined> {
  const { line, bytes } = record;
  const { format } = judge.file;
  if (record.isOpen) return { line, ...(format === 'csv' ? OPEN_QUOTE : ENDLESS) };
  if (!isUtf8(bytes)) return { line, ...notUtf8(bytes, judge) };
  const shape = format === 'csv' ? otherFieldCount(bytes, judge) : notObject(bytes, judge.file);
  if (shape !== undefined) return { line, ...shape };
  const value = await wrongValue(bytes, judge);
  if (value !== undefined) return { line, ...value };
  if (await judge.accepts(bytes)) return undefined;
  const reason = `cannot be read${shownRecord(bytes, judge.file)}`;
  return { line, reason, hint: 'Mend the line, or leave it out.' };
}

const OPEN_QUOTE = {
  reason: 'opens a quote that nothing closes',
  hint: 'Close the quote; a quote within a field is written twice ("").',
};
const ENDLESS = { reason: 'is longer than lines are', hint: 'Is there one object on each line?' };

function notUtf8(bytes: Buffer, judge: Judge): Omit<Fault, 'line'> {
  const at = firstBadByte(bytes);
  const hex = bytes[at]!.toString(16).padStart(2, '0');
  const column = judge.file.format === 'csv' ? columnOf(bytes, judge) : undefined;
  return {
    ...(column !== undefined && { column }),
    reason: `is not UTF-8: byte 0x${hex} at place ${at + 1} of the line`,
    hint: 'Is it Latin-1 or Windows-1252? Convert it: iconv -f WINDOWS-1252 -t UTF-8.',
  };
}

function firstBadByte(bytes: Buffer): number {
  let at = 0;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  for (const character of text) {
    const encoded = Buffer.from(character);
    if (!bytes.subarray(at, at + encoded.length).equals(encoded)) return at;
    at += encoded.length;
  }
  return at;
}

function columnOf(bytes: Buffer, judge: Judge): string | undefined {
  const fields = fieldsOf(bytes, separatorOf(judge));
  return columnNames(judge)[fields.findIndex((field) => !isUtf8(field))];
}

function separatorOf({ file }: Judge): number {
  return textShape(file).separator;
}

/** As far as they can be told. */
function columnNames(judge: Judge): readonly string[] {
  const { schema } = judge.file;
  if (schema !== undefined) return schema.map(({ name }) => name);
  if (judge.header.length === 0) return [];
  return fieldsOf(judge.header, separatorOf(judge)).map(String);
}

function otherFieldCount(bytes: Buffer, judge: Judge): Omit<Fault, 'line'> | undefined {
  const expected = columnNames(judge).length;
  const count = fieldsOf(bytes, separatorOf(judge)).length;
  if (expected === 0 || count === expected) return undefined;
  return fieldCountFault({ count, expected, shown: shownRecord(bytes, judge.file) });
}

const EMPTY = ': ""';
const EMPTY_LINE = {
  reason: 'is empty',
  hint: 'Remove the line; with `fill_short_lines: true` it is a row of NULLs.',
};

export function fieldCountFault(told: {
  readonly count: number;
  readonly expected: number;
  readonly shown: string;
}): Omit<Fault, 'line'> {
  const { count, expected, shown } = told;
  const isShort = count < expected;
  if (isShort && shown === EMPTY) return EMPTY_LINE;
  return {
    reason: `has ${count} ${count === 1 ? 'field' : 'fields'}, and the file ${expected} columns${shown}`,
    hint: isShort
      ? 'Add what is missing; with `fill_short_lines: true` it is NULL. Or was the file cut off?'
      : 'Quote fields that contain the separator, or name another with `separator`.',
  };
}

function notObject(bytes: Buffer, file: TextFile): Omit<Fault, 'line'> | undefined {
  const text = bytes.toString();
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return notJson(text, thrown, file);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  return { reason: `is ${kind}, and no JSON object`, hint: 'Each line is one object: {"id": 1}.' };
}

/** V8 tells the place only within its text, which also quotes the line. */
function notJson(text: string, thrown: unknown, file: TextFile): Omit<Fault, 'line'> {
  const said = thrown instanceof Error ? /at position (\d+)/.exec(thrown.message)?.[1] : undefined;
  const at = said === undefined ? text.length : Number(said);
  const isCut = at >= text.trimEnd().length;
  const start = Math.max(0, at - SHOWN_CHARACTERS / 2);
  const near = maskedKeys(text, file) ? '' : `, near ${quote(text.slice(start))}`;
  return {
    reason: isCut ? 'ends in the middle of its JSON' : `is no JSON at character ${at + 1}${near}`,
    hint: isCut
      ? 'Was the file cut off, or is one object spread over lines? Each line is one object.'
      : 'Mend the line: keys and texts stand in double quotes.',
  };
}

/** Whether a text that is no JSON may show a masked column. */
function maskedKeys(text: string, { isMasked }: TextFile): boolean {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"?/g)].some(([, key]) => isMasked(key!));
}

async function wrongValue(bytes: Buffer, judge: Judge): Promise<Omit<Fault, 'line'> | undefined> {
  const { schema = [], isDeclared, isMasked } = judge.file;
  const index = await firstRefused(bytes, judge, schema);
  if (index === undefined) return undefined;
  const { name, type } = schema[index]!;
  const shown = isMasked(name) ? 'a masked value' : quote(valueOf(bytes, judge, index));
  const mend = `\`- ${name}: ${type.kind === 'string' ? 'Float64' : 'String'}\` under \`columns\``;
  return {
    column: name,
    reason: `holds ${shown}, which is no ${formatDataType(type)}`,
    hint: isDeclared
      ? `Mend the line, or declare another type: ${mend}.`
      : `The type is that of the first ${INFERENCE_ROWS.toLocaleString('en')} rows. Mend the line, or declare all columns, with ${mend}.`,
  };
}

/** The first column whose value does not fit its type; files may be wide, so that columns are halved and not walked. */
async function firstRefused(
  bytes: Buffer,
  judge: Judge,
  schema: Schema,
): Promise<number | undefined> {
  const fits = (from: number, to: number) =>
    judge.accepts(bytes, onlyColumns(judge.file, schema, { from, to }));
  let [from, to] = [0, schema.length];
  if (to === 0 || (await fits(from, to))) return undefined;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (await fits(from, middle)) from = middle;
    else to = middle;
  }
  return from;
}

type Range = { readonly from: number; readonly to: number };

function onlyColumns({ format }: TextFile, schema: Schema, { from, to }: Range): Schema {
  if (format === 'ndjson') return schema.slice(from, to);
  return schema.map((column, at) =>
    at >= from && at < to ? column : { name: column.name, type: { kind: 'string' } },
  );
}

function valueOf(bytes: Buffer, judge: Judge, index: number): string {
  if (judge.file.format === 'csv') return String(fieldsOf(bytes, separatorOf(judge))[index] ?? '');
  const { [judge.file.schema![index]!.name]: value } = JSON.parse(bytes.toString());
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Nothing where it may show a masked column: which field is whose is what is wrong. */
export function shownRecord(bytes: Buffer, file: TextFile): string {
  const text = bytes.toString();
  const isShown =
    file.format === 'ndjson'
      ? !maskedKeys(text, file)
      : file.schema !== undefined && !file.schema.some(({ name }) => file.isMasked(name));
  return isShown ? `: ${quote(text)}` : '';
}

function quote(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return JSON.stringify(shown);
}
