import type { WorkflowTask } from '@floe/client';

/** What every task gives, as far as it is known before a run. */
export function TaskSchemas({ tasks }: { readonly tasks: readonly WorkflowTask[] }) {
  return (
    <div className="schemas">
      {tasks.map(({ taskId, type, description, upstreamTaskIds, columns }) => (
        <section key={taskId} className="card" id={`schema-${taskId}`} aria-label={taskId}>
          <header className="card-head">
            <h2>{taskId}</h2>
            <code className="muted">{type}</code>
          </header>
          <div className="card-body">
            {description !== '' && <p dir="auto">{description}</p>}
            {upstreamTaskIds.length > 0 && (
              <p className="muted">after {upstreamTaskIds.join(', ')}</p>
            )}
            {columns.length === 0 ? (
              <p className="muted">It hands on no columns, or they are not known before a run.</p>
            ) : (
              <dl className="columns">
                {columns.map((column) => (
                  <div key={column.name}>
                    <dt>{column.name}</dt>
                    <dd>{column.type}</dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        </section>
      ))}
    </div>
  );
}
