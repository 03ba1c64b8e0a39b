import { fileFromDataset, type FileCompression, formatOfName } from '@floe/frame';
import { optionalStringField, stringField } from '../config-fields.ts';
import { datasetPaths, onlyInput } from '../dataset-path.ts';
import { readFormat } from '../file_extract/run.ts';
import { fillPath, placeForFile } from '../file-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';

/** Writes the rows of the input into a file. A repeated attempt writes the same file again. */
export async function runFileLoad(context: TaskContext): Promise<TaskResult> {
  const { config } = context;
  const { dataset } = onlyInput(context);
  const path = fillPath(stringField(config, 'path'), context.params);
  const target = await placeForFile(context, path);
  const compression = optionalStringField(config, 'compression') as FileCompression | undefined;
  const separator = optionalStringField(config, 'separator');
  const { runId, epoch } = context;
  const bytes = await context.span('file.load', { path }, () =>
    fileFromDataset(
      datasetPaths(dataset),
      { path: target, runId, epoch },
      {
        format: readFormat(config, path),
        compression: compression ?? formatOfName(path).compression,
        ...(separator !== undefined && { separator }),
      },
    ),
  );
  context.progress({ rows: dataset.rows, bytes });
  return { rows: dataset.rows, bytes };
}
