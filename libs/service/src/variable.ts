import { z } from 'zod';

/** One `FLOE_*` variable: what the documentation says about it and how its text becomes a value. */
export type Variable<Schema extends z.ZodType = z.ZodType> = {
  readonly name: `FLOE_${string}`;
  /** Who reads it. */
  readonly usedBy: string;
  readonly means: string;
  /** The text that stands for a missing variable; with no such text the value is undefined. */
  readonly default?: string;
  /** How the default reads in the documentation, where it is made of something else. */
  readonly defaultMeans?: string;
  /** Its value holds a password and must not be repeated in an error. */
  readonly isSecret?: true;
  readonly schema: Schema;
};

export function variable<Schema extends z.ZodType>(spec: Variable<Schema>): Variable<Schema> {
  return spec;
}

export const text = z.string().min(1);
