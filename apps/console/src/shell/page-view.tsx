import { Suspense, lazy, useEffect } from 'react';
import type { ComponentType } from 'react';
import { Link } from '../components/link.tsx';
import { OverviewPage } from '../overview/overview-page.tsx';
import type { PlainPage, Route } from '../router.ts';
import { RunPage } from '../run/run-page.tsx';
import { RunsPage } from '../runs/runs-page.tsx';
import { ViewPage } from '../runs/view-page.tsx';
import { PAGES } from './pages.ts';

// What most people open first is there at once; the rest comes when it is wanted.
const WorkflowsPage = lazy(async () => ({
  default: (await import('../workflows/workflows-page.tsx')).WorkflowsPage,
}));
const WorkflowPage = lazy(async () => ({
  default: (await import('../workflow/workflow-page.tsx')).WorkflowPage,
}));
const SchedulesPage = lazy(async () => ({
  default: (await import('../schedules/schedules-page.tsx')).SchedulesPage,
}));
const LineagePage = lazy(async () => ({
  default: (await import('../lineage/lineage-page.tsx')).LineagePage,
}));
const ExecutorsPage = lazy(async () => ({
  default: (await import('../executors/executors-page.tsx')).ExecutorsPage,
}));
const ConnectionsPage = lazy(async () => ({
  default: (await import('../connections/connections-page.tsx')).ConnectionsPage,
}));
const ComparePage = lazy(async () => ({
  default: (await import('../compare/compare-page.tsx')).ComparePage,
}));
const SettingsPage = lazy(async () => ({
  default: (await import('../settings/settings-page.tsx')).SettingsPage,
}));
const EditorPage = lazy(async () => ({
  default: (await import('../editor/editor-page.tsx')).EditorPage,
}));

const PLAIN: Readonly<Record<PlainPage, ComponentType>> = {
  overview: OverviewPage,
  runs: RunsPage,
  workflows: WorkflowsPage,
  schedules: SchedulesPage,
  lineage: LineagePage,
  executors: ExecutorsPage,
  connections: ConnectionsPage,
  compare: ComparePage,
  settings: SettingsPage,
};

/** The page of a route. */
export function PageView({ route }: { readonly route: Route }) {
  const title = PAGES.find(({ page }) => page === route.page)?.title;
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Floe`;
  }, [title]);
  return (
    <Suspense fallback={<p className="page muted loading">Opening the page …</p>}>
      <Content route={route} />
    </Suspense>
  );
}

function Content({ route }: { readonly route: Route }) {
  switch (route.page) {
    // Another thing is another page: nothing of the last one may stay.
    case 'run':
      return <RunPage key={route.runId} runId={route.runId} />;
    case 'workflow':
      return <WorkflowPage key={route.name} name={route.name} />;
    case 'editor':
      return <EditorPage key={route.name} name={route.name} />;
    case 'view':
      return <ViewPage key={route.viewId} viewId={route.viewId} />;
    case 'missing':
      return <Missing path={route.path} />;
    default: {
      const Page = PLAIN[route.page];
      return <Page />;
    }
  }
}

function Missing({ path }: { readonly path: string }) {
  return (
    <section className="empty">
      <h1>Nothing here</h1>
      <p>
        There is no page at <code>{path}</code>.
      </p>
      <Link to="/" className="button">
        Go to the overview
      </Link>
    </section>
  );
}
