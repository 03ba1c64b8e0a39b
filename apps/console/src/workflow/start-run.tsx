import { useState } from 'react';
import type { FormEvent } from 'react';
import type { JsonObject, WorkflowVersion } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { navigate, runPath } from '../router.ts';
import { ParameterInput } from './parameter-input.tsx';
import { parameterFields, readForm } from './parameter-fields.ts';

export type StartRunProps = {
  readonly version: WorkflowVersion;
  /** What the form begins with, as from a run before. */
  readonly initial?: JsonObject | undefined;
  readonly onClose: () => void;
};

/** Asks for the parameters of a workflow and starts it. */
export function StartRun({ version, initial = {}, onClose }: StartRunProps) {
  const fields = parameterFields(version.document);
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => textsOf(initial));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<unknown>(undefined);
  const [isStarting, setStarting] = useState(false);
  const start = async (parameters: JsonObject) => {
    setStarting(true);
    try {
      const { workflowName, version: workflowVersion } = version;
      const { run } = await floe.startRun({ workflowName, workflowVersion, parameters });
      navigate(runPath(run.runId));
    } catch (thrown) {
      setError(thrown);
      setStarting(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readForm(fields, values);
    setProblems(read.kind === 'wrong' ? read.problems : {});
    if (read.kind === 'read') void start(read.parameters);
  };
  return (
    <Dialog title={`Start ${version.workflowName}@${version.version}`} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        {fields.length === 0 && <p className="muted">It takes no parameters.</p>}
        {fields.map((field) => (
          <ParameterInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            problem={problems[field.name]}
            onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        {error !== undefined && <ProblemBanner title="It was not started." error={error} />}
        <p className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="button primary" disabled={isStarting}>
            {isStarting ? 'Starting …' : 'Start'}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function textsOf(values: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
