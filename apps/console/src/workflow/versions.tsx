import type { WorkflowVersion } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Instant } from '../components/instant.tsx';
import { setQueryField, useQueryField } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { SourceDiff } from './source-diff.tsx';

// Older ones are a command away: floe workflows diff.
const VERSIONS_MAX = 100;

type VersionsProps = { readonly name: string; readonly current: WorkflowVersion };

/** The versions of a workflow, and what one of them changed. */
export function Versions({ name, current }: VersionsProps) {
  const answer = useAnswer({
    key: `versions ${name} ${current.version}`,
    call: async () =>
      (await floe.listWorkflowVersions(name, { pageSize: VERSIONS_MAX })).versions.toSorted(
        (a, b) => b.version - a.version,
      ),
  });
  return (
    <Answered answer={answer} what="the versions">
      {(versions) => <VersionList versions={versions} current={current} />}
    </Answered>
  );
}

type ListProps = {
  readonly versions: readonly WorkflowVersion[];
  readonly current: WorkflowVersion;
};

function VersionList({ versions, current }: ListProps) {
  const against = Number(useQueryField('against')) || current.version - 1;
  return (
    <div className="versions">
      <section className="card" aria-labelledby="versions-title">
        <header className="card-head">
          <h2 id="versions-title">Versions</h2>
        </header>
        <ul className="version-list">
          {versions.map(({ version, createTime, digest }) => (
            <li key={version}>
              <button
                type="button"
                className="row-link"
                aria-pressed={version === current.version}
                onClick={() => setQueryField('version', String(version))}
              >
                @{version}
              </button>
              <span className="muted">
                <Instant at={createTime} /> <code title={digest}>{digest.slice(0, 8)}</code>
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="diff-title">
        <header className="card-head">
          <h2 id="diff-title">What @{current.version} changed</h2>
          <label className="card-tools">
            <span className="muted">against</span>
            <select
              value={against}
              onChange={(event) => setQueryField('against', event.target.value)}
            >
              {versions
                .filter(({ version }) => version !== current.version)
                .map(({ version }) => (
                  <option key={version} value={version}>
                    @{version}
                  </option>
                ))}
            </select>
          </label>
        </header>
        <VersionDiff name={current.workflowName} against={against} current={current} />
      </section>
    </div>
  );
}

type DiffProps = VersionsProps & { readonly against: number };

function VersionDiff({ name, against, current }: DiffProps) {
  const answer = useAnswer({
    key: `source ${name} ${against}`,
    call: async () =>
      against < 1
        ? ''
        : ((await floe.getWorkflow(name, { version: against })).version?.source ?? ''),
  });
  if (against < 1) return <p className="muted card-body">It is the first one.</p>;
  return (
    <Answered answer={answer} what={`version ${against}`}>
      {(before) => (
        <SourceDiff
          before={before}
          after={current.source}
          label={`From version ${against} to ${current.version}`}
        />
      )}
    </Answered>
  );
}
