import type { Run } from '@floe/client';
import { Icon } from './icon.tsx';

export type JaegerLinkProps = {
  readonly run: Run;
  /** What is marked there, like the name of a task. */
  readonly find?: string;
};

/** Leads to the trace in Jaeger, where one is configured. */
export function JaegerLink({ run: { traceUrl }, find = '' }: JaegerLinkProps) {
  // The address comes from the configuration of the server; only one of the web may become a link.
  if (!/^https?:\/\//.test(traceUrl)) return null;
  const url = new URL(traceUrl);
  if (find !== '') url.searchParams.set('uiFind', find);
  return (
    <a href={url.href} target="_blank" rel="noreferrer" className="trace-link">
      Jaeger
      <Icon name="link" />
    </a>
  );
}
