import { setQueryField, useQueryField } from '../router.ts';

export type TabsProps = {
  readonly label: string;
  /** The field of the address that says which tab is open; the first one is open without it. */
  readonly field: string;
  readonly tabs: readonly (readonly [name: string, title: string])[];
};

/** The name of the open tab. */
export function useTab({ field, tabs }: Pick<TabsProps, 'field' | 'tabs'>): string {
  const asked = useQueryField(field);
  const first = tabs[0]?.[0] ?? '';
  return tabs.some(([name]) => name === asked) ? asked : first;
}

/** Views of the same thing; which is open is kept in the address. */
export function Tabs({ label, field, tabs }: TabsProps) {
  const open = useTab({ field, tabs });
  return (
    <div className="tabs" role="group" aria-label={label}>
      {tabs.map(([name, title], index) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === open}
          onClick={() => setQueryField(field, index === 0 ? '' : name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
