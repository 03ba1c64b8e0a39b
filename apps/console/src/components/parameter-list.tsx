export type ParameterListProps = {
  readonly label: string;
  readonly values: Readonly<Record<string, unknown>> | undefined;
};

/** Names with their values beside each other; nothing where there are none. */
export function ParameterList({ label, values }: ParameterListProps) {
  const entries = Object.entries(values ?? {});
  if (entries.length === 0) return null;
  return (
    <ul className="parameters" aria-label={label}>
      {entries.map(([name, value]) => (
        <li key={name} title={`${name} ${parameterText(value)}`}>
          <span className="muted">{name}</span> <code dir="auto">{parameterText(value)}</code>
        </li>
      ))}
    </ul>
  );
}

export function parameterText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
