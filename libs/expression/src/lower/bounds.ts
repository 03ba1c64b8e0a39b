import { FloeError } from '@floe/errors';

/** The largest number of rows that Polars' slices take. */
export const ALL_ROWS = 4_294_967_295;

/** A number of rows that Polars takes. */
export function rows(name: string, count: number): number {
  if (count >= 0 && count <= ALL_ROWS) return count;
  throw new FloeError('PARAMETER_INVALID', `\`${name}\` must lie between 0 and ${ALL_ROWS}`);
}

/** A text that is one of the choices: a parameter of the workflow may be anything. */
export function oneOf<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new FloeError('PARAMETER_INVALID', `\`${name}\` is one of ${choices.join(', ')}`);
}
