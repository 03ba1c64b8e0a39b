import type { Artifact, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { useAnswer } from '../use-answer.ts';
import { DataPreview } from './data-preview.tsx';
import { formatCell, parseProfile } from './profile.ts';

// The most that the API gives at once, and more of it than a run of thousands of tasks has.
const PAGE_SIZE = 500;
const PAGES_MAX = 20;

/** What the attempts of a task left for people: the preview of its rows, findings of checks, texts. */
export function TaskArtifacts({ task }: { readonly task: TaskRun }) {
  const { runId, taskId, state, attemptCount } = task;
  const answer = useAnswer({
    key: `artifacts ${runId} ${taskId} ${state} ${attemptCount}`,
    call: () => loadArtifacts(runId, taskId),
  });
  return (
    <section>
      <h3>Data and artifacts</h3>
      <Answered answer={answer} what="the artifacts">
        {(artifacts) =>
          artifacts.length === 0 ? (
            <p className="muted">It left nothing to look at.</p>
          ) : (
            artifacts.map((artifact) => (
              <OneArtifact key={artifact.artifactId} artifact={artifact} task={task} />
            ))
          )
        }
      </Answered>
    </section>
  );
}

async function loadArtifacts(runId: string, taskId: string): Promise<readonly Artifact[]> {
  const found: Artifact[] = [];
  let pageToken = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await floe.listArtifacts(runId, { pageSize: PAGE_SIZE, pageToken });
    found.push(...answer.artifacts.filter((artifact) => artifact.taskId === taskId));
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return found;
}

type OneProps = { readonly artifact: Artifact; readonly task: TaskRun };

function OneArtifact({ artifact, task }: OneProps) {
  const { artifactId, title, kind } = artifact;
  const answer = useAnswer({
    key: `artifact ${artifactId}`,
    call: async () => (await floe.getArtifact(artifactId)).content,
  });
  return (
    <div className="artifact">
      <p>
        <strong>{title}</strong> <span className="muted">{kind}</span>
      </p>
      <Answered answer={answer} what={title}>
        {(content) => <Content kind={kind} content={content} task={task} />}
      </Answered>
    </div>
  );
}

type ContentProps = {
  readonly kind: string;
  readonly content: string;
  readonly task: TaskRun;
};

function Content({ kind, content, task }: ContentProps) {
  const profile = kind === 'preview' ? parseProfile(content) : undefined;
  if (profile !== undefined) {
    const types = new Map(task.dataset?.columns.map(({ name, type }) => [name, type]));
    return <DataPreview profile={profile} types={types} />;
  }
  return <pre className="example">{kind === 'markdown' ? toText(content) : indented(content)}</pre>;
}

/** A text is kept as JSON. */
function toText(content: string): string {
  try {
    return formatCell(JSON.parse(content) as string);
  } catch {
    // It was kept as it is.
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
