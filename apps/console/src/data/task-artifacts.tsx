import { useState } from 'react';
import type { Artifact, TaskRun } from '@floe/client';
import { Answered } from '../components/answered.tsx';
import { useAnswer } from '../use-answer.ts';
import { ArtifactBody } from './artifact-body.tsx';
import { isMade, loadArtifacts } from './load-artifacts.ts';

// A preview comes a second or two after the rows: nothing waits for it but this page.
const LOOK_AGAIN_MS = 1_000;
const LOOKS_MAX = 6;

type Looks = { readonly key: string; readonly count: number; readonly hasPreview: boolean };

/** What the attempts of a task left for people: the preview of its rows, findings of checks, texts. */
export function TaskArtifacts({ task }: { readonly task: TaskRun }) {
  const { runId, taskId, state, attemptCount, dataset } = task;
  const key = `artifacts ${runId} ${taskId} ${state} ${attemptCount}`;
  const [looks, setLooks] = useState<Looks>({ key, count: 0, hasPreview: false });
  const { count, hasPreview } = looks.key === key ? looks : { count: 0, hasPreview: false };
  const isAwaited = dataset !== undefined && count < LOOKS_MAX && !hasPreview;
  const answer = useAnswer({
    key,
    ...(isAwaited && { pauseMs: LOOK_AGAIN_MS }),
    call: async () => {
      const artifacts = await loadArtifacts(runId, taskId);
      const isThere = artifacts.some(({ kind }) => kind === 'preview');
      setLooks({ key, count: count + 1, hasPreview: isThere });
      return artifacts;
    },
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

type OneProps = { readonly artifact: Artifact; readonly task: TaskRun };

function OneArtifact({ artifact, task }: OneProps) {
  const { artifactId, title, kind } = artifact;
  if (isMade(artifact)) return <MadeArtifact artifact={artifact} />;
  return (
    <div className="artifact">
      <p>
        <strong>{title}</strong>{' '}
        {title.toLowerCase() !== kind && <span className="muted">{kind}</span>}
      </p>
      <ArtifactBody artifactId={artifactId} title={title} kind={kind} task={task} />
    </div>
  );
}

/** What Floe makes says in words what the panel shows in numbers: it is read when it is opened. */
function MadeArtifact({ artifact: { artifactId, title, kind } }: Pick<OneProps, 'artifact'>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && <ArtifactBody artifactId={artifactId} title={title} kind={kind} />}
    </details>
  );
}
