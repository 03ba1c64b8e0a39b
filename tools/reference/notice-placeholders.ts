/** The table of placeholders in the guide of notices, made of the list that they are checked against. */
import { PLACEHOLDERS } from '@floe/notification';

const TABLE = /(?<=<!-- placeholders -->\n)[^]*(?=<!-- \/placeholders -->)/;

/** The page with its table as the code has it. */
export function withPlaceholders(page: string): string {
  const rows = Object.entries(PLACEHOLDERS).map(([name, means]) => `| \`${name}\` | ${means} |`);
  const table = ['| placeholder | means |', '|---|---|', ...rows, ''].join('\n');
  return page.replace(TABLE, () => table);
}
