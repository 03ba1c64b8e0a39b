import { FloeError } from '@floe/errors';
import { formatDataType, sameType, type Schema } from '@floe/expression';
import { datasetFromFiles, type FileFormat } from '@floe/frame';
import { declaredColumns } from '../columns-field.ts';
import {
  type Config,
  flagField,
  optionalStringField,
  stringField,
  stringListField,
} from '../config-fields.ts';
import { datasetResult } from '../dataset-path.ts';
import { formatOf } from '../file-fields.ts';
import { fillPath, findFiles, nameInFolder } from '../file-path.ts';
import { isMaskedColumn } from '../masked-columns.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { filesOfShare, lookAtFiles, readHandout } from './file-share.ts';

/** Reads the files that the path names, in the order of their names, into one dataset. */
export async function runFileExtract(context: TaskContext): Promise<TaskResult> {
  const { config } = context;
  const path = fillPath(stringField(config, 'path'), context.params);
  const found = await findFiles(context, path);
  const files = await filesToRead(context, found);
  context.log('info', `reading ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
  const schema = declaredColumns(config);
  const facts = await context.span('file.extract', { files: files.length }, () =>
    datasetFromFiles(files, {
      format: readFormat(config, path),
      csv: csvOptions(config),
      output: context.outputPath,
      like: found[0]!,
      isMasked: (column) => isMaskedColumn(column, context.masked),
      ...(schema !== undefined && { schema }),
    }),
  );
  if (schema !== undefined) requireSchema(facts.schema, schema, path);
  context.progress({ rows: facts.rows, bytes: facts.bytes });
  return datasetResult(context, facts);
}

async function filesToRead(
  context: TaskContext,
  found: readonly string[],
): Promise<readonly string[]> {
  const { partition } = context;
  if (partition === undefined) return found;
  const files = await lookAtFiles(found, await nameInFolder(context));
  return filesOfShare(files, readHandout(context), partition.index).map(({ path }) => path);
}

export function readFormat(config: Config, path: string): FileFormat {
  const said = optionalStringField(config, 'format') as FileFormat | undefined;
  const format = formatOf(path, said);
  if (format !== undefined) return format;
  throw new FloeError('ARGUMENT_INVALID', `the ending of ${path} says no format`, {
    details: { field: 'format' },
    hint: 'write format: csv, parquet, ndjson or arrow',
  });
}

function csvOptions(config: Config) {
  const separator = optionalStringField(config, 'separator');
  return {
    hasHeader: 'header' in config ? flagField(config, 'header') : true,
    nullValues: stringListField(config, 'null_values'),
    fillsShortLines: flagField(config, 'fill_short_lines'),
    ...(separator !== undefined && { separator }),
  };
}

/** Parquet and Arrow files bring their own types: what was declared, and checked at apply, must be what they hold. */
function requireSchema(found: Schema, declared: Schema, path: string): void {
  const describe = (schema: Schema) =>
    schema.map(({ name, type }) => `${name} ${formatDataType(type)}`).join(', ');
  const isSame =
    found.length === declared.length &&
    declared.every(({ name, type }, index) => {
      const column = found[index]!;
      return column.name === name && sameType(column.type, type);
    });
  if (isSame) return;
  throw new FloeError('COLUMN_MISMATCH', `${path} has other columns than the task declares`, {
    details: { declared: describe(declared), found: describe(found) },
    hint: `It has: ${describe(found)}.`,
  });
}
