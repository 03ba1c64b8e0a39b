/**
 * What a database, role or server may have set otherwise, and must not change what a statement of Floe means or what comes
 * back: names and values of the settings of every session in the control database.
 */
const SETTINGS = {
  timezone: 'UTC',
  // Instants are read as ISO 8601.
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // Backslashes in strings are read as SQL says.
  standard_conforming_strings: 'on',
  // Races are decided by locks and conditions, in transactions that see what was committed meanwhile.
  default_transaction_isolation: 'read committed',
} as const;

/** As the parameter `options` of a connection, with those of one kind of session behind. */
export function sessionOptions(more: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...SETTINGS, ...more })
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, String.raw`\$&`)}`)
    .join(' ');
}
