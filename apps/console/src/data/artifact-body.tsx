import type { TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { useAnswer } from '../use-answer.ts';
import { ArtifactContent } from './artifact-content.tsx';

export type ArtifactBodyProps = {
  readonly artifactId: string;
  readonly title: string;
  readonly kind: string;
  readonly task?: TaskRun;
};

/** Reads an artifact and shows it. */
export function ArtifactBody({ artifactId, title, kind, task }: ArtifactBodyProps) {
  const answer = useAnswer({
    key: `artifact ${artifactId}`,
    call: async () => (await floe.getArtifact(artifactId)).content,
  });
  return (
    <Answered answer={answer} what={title}>
      {(content) => (
        <ArtifactContent
          kind={kind}
          title={title}
          content={content}
          {...(task !== undefined && { task })}
        />
      )}
    </Answered>
  );
}
