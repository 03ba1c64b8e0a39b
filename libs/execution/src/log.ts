type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where an executor says what happens to it. */
export type Log = {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
};
