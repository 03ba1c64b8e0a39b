/** What Polars says of a value that it cannot convert shows the value. Where columns are masked it may be one of theirs. */
import { FloeError } from '@floe/errors';
import { isMaskedColumn } from '../masked-columns.ts';
import type { TaskContext } from '../runner.ts';

/** Values stand in lists, in double quotes or in backticks, and the first of them ends what can be said. */
const FIRST_VALUE =
  /:? ?(?:\[|"|(?<=[\s(:])`(?!(?:str|bool|date|time|binary|[iuf]\d+|(?:datetime|decimal)[^`]*)`))[^]*$/;

/** The same error, without a value, when an input has a masked column. */
export function hideValues(
  thrown: unknown,
  { inputs, masked }: Pick<TaskContext, 'inputs' | 'masked'>,
): unknown {
  if (!(thrown instanceof FloeError) || thrown.code !== 'TRANSFORM_FAILED') return thrown;
  const names = inputs.flatMap(({ dataset }) => dataset.schema.map(({ name }) => name));
  if (!names.some((name) => isMaskedColumn(name, masked))) return thrown;
  const { details, hint } = thrown;
  const message = thrown.message.replace(FIRST_VALUE, ' …');
  return new FloeError('TRANSFORM_FAILED', `${message} (values are masked)`, {
    details,
    ...(hint !== undefined && { hint }),
  });
}
