import type { ParameterField } from './parameter-fields.ts';

export type ParameterInputProps = {
  readonly field: ParameterField;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
};

/** A field of a form for one parameter. */
export function ParameterInput({ field, value, problem, onChange }: ParameterInputProps) {
  const { name, type, description, fallback } = field;
  const noteId = `note-${name}`;
  return (
    <div className="field" data-wrong={problem !== undefined}>
      <label htmlFor={`parameter-${name}`}>
        {name} <span className="muted">{type}</span>
      </label>
      <Control field={field} value={value} noteId={noteId} onChange={onChange} />
      <p id={noteId} className="field-note">
        {problem !== undefined && <strong role="alert">{problem} </strong>}
        {description}
        {fallback !== undefined && <span className="muted"> Default: {fallback}</span>}
      </p>
    </div>
  );
}

type ControlProps = Omit<ParameterInputProps, 'problem'> & { readonly noteId: string };

function Control({ field, value, noteId, onChange }: ControlProps) {
  const { name, type, fallback } = field;
  const choices = type === 'boolean' ? ['true', 'false'] : field.choices;
  const shared = { id: `parameter-${name}`, value, 'aria-describedby': noteId };
  if (choices.length > 0) {
    return (
      <select {...shared} onChange={(event) => onChange(event.target.value)}>
        <option value="">{fallback === undefined ? 'Choose …' : `default (${fallback})`}</option>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...shared}
      type={type === 'date' ? 'date' : 'text'}
      inputMode={type === 'integer' || type === 'float' ? 'decimal' : undefined}
      placeholder={fallback ?? (field.isOptional ? 'none' : 'required')}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
