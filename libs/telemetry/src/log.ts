import { destination, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream } from 'pino';
import { currentTrace } from './current-context.ts';
import { maskSecrets } from './mask-secrets.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

type LogMethod = {
  (message: string): void;
  (fields: Readonly<Record<string, unknown>>, message: string): void;
};

/** A structured log. Fields come first, as in `log.info({ run_id }, 'run started')`; an error goes in `err`. */
export type Log = {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  /** A log that adds these fields to every line. */
  child(fields: Readonly<Record<string, unknown>>): Log;
};

export type LoggerOptions = {
  /** `info` when absent. */
  readonly level?: LogLevel;
  /** Values that must not appear in any line. The set is read for each line, so later additions count. */
  readonly secrets?: ReadonlySet<string>;
  /** Where lines go; stderr when absent. */
  readonly write?: (line: string) => void;
};

/** A log of JSON lines on stderr, each with the name, the time and, inside a span, `trace_id` and `span_id`. */
export function createLogger(name: string, options: LoggerOptions = {}): Log {
  return pino(
    {
      name,
      level: options.level ?? 'info',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceFields,
    },
    maskedStream(options),
  );
}

function traceFields(): object {
  const active = currentTrace();
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}

/** Lines are written at once: a process that is killed must not take its last words with it. */
function maskedStream(options: LoggerOptions): DestinationStream {
  const stderr = options.write === undefined ? destination({ fd: 2, sync: true }) : undefined;
  const write = options.write ?? ((line: string) => void stderr?.write(line));
  return {
    write: (line) => {
      const hasSecrets = options.secrets !== undefined && options.secrets.size > 0;
      write(hasSecrets ? maskSecrets(line, options.secrets) : line);
    },
  };
}
