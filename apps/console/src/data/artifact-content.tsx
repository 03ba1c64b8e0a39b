import { Suspense, lazy } from 'react';
import type { TaskRun } from '@floe/client';
import { CheckFindings } from './check-findings.tsx';
import { parseFindings } from './findings.ts';
import { DataPreview } from './data-preview.tsx';
import { formatCell, parseProfile } from './profile.ts';

// Who looks at no text need not wait for what reads it.
const Markdown = lazy(async () => {
  const { Markdown: component } = await import('../markdown/markdown.tsx');
  return { default: component };
});

export type ArtifactContentProps = {
  readonly kind: string;
  readonly title: string;
  readonly content: string;
  /** Undefined for an artifact of the run. */
  readonly task?: TaskRun;
};

/** An artifact as people read it; what it is not known how to show stands there as it is. */
export function ArtifactContent({ kind, title, content, task }: ArtifactContentProps) {
  if (kind === 'markdown') {
    return (
      <Suspense fallback={<p className="muted">Reading …</p>}>
        <Markdown text={toText(content)} />
      </Suspense>
    );
  }
  if (kind === 'plot' && content.trimStart().startsWith('<svg')) {
    // As a picture nothing in it can run.
    const source = `data:image/svg+xml,${encodeURIComponent(content)}`;
    return <img className="plot" src={source} alt={title} />;
  }
  const profile = kind === 'preview' ? parseProfile(content) : undefined;
  if (profile !== undefined) {
    const types = new Map(task?.dataset?.columns.map(({ name, type }) => [name, type]));
    return <DataPreview profile={profile} types={types} />;
  }
  const findings = kind === 'check' ? parseFindings(content) : undefined;
  if (findings !== undefined) return <CheckFindings findings={findings} />;
  return <pre className="example">{indented(content)}</pre>;
}

/** A text that a task left is kept as JSON, one that Floe makes as it is. */
function toText(content: string): string {
  try {
    return formatCell(JSON.parse(content) as string);
  } catch {
    return content;
  }
}

function indented(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), undefined, 2);
  } catch {
    // No JSON: it is shown as it is.
    return content;
  }
}
