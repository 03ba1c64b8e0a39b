import type { Metric } from '@floe/client';
import { selectTask } from './select-task.ts';

// As exact as a person reads; the whole number is in the API.
const VALUE = new Intl.NumberFormat('en', { maximumSignificantDigits: 8 });

/** The numbers that tasks of a run recorded. */
export function RunMetrics({ metrics }: { readonly metrics: readonly Metric[] }) {
  if (metrics.length === 0) return null;
  return (
    <section className="card" aria-labelledby="metrics-title">
      <header className="card-head">
        <h2 id="metrics-title">Recorded numbers</h2>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="number">
              Value
            </th>
            <th scope="col">Unit</th>
            <th scope="col">About</th>
            <th scope="col">Task</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ name, value, unit, type, taskId }) => (
            <tr key={`${taskId} ${name}`}>
              <th scope="row">{name}</th>
              <td className="number">{VALUE.format(value)}</td>
              <td>{unit}</td>
              <td className="muted">{type.replaceAll('_', ' ')}</td>
              <td>
                <button type="button" className="text-button" onClick={() => selectTask(taskId)}>
                  {taskId}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
