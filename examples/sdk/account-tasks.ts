// A package of task types: FLOE_TASK_PACKAGES=examples/sdk/account-tasks.ts ./floe up
import type { CustomTask, TaskFields } from '@floe/client/tasks';

const fields = {
  column: {
    type: 'string',
    description: 'The column that holds the account numbers.',
    required: true,
  },
} as const satisfies TaskFields;

const checkIban = {
  type: 'acme_check_iban',
  description: 'Says of each account number (IBAN) whether its check digits are right.',
  fields,
  inputs: { min: 1, max: 1 },
  // Its rows follow from its input alone: a result may be used again.
  outside: 'untouched',
  columns: ({ inputs }) => {
    const [accounts] = Object.values(inputs);
    return accounts && { ...accounts, is_valid: 'Boolean' };
  },
  async *run({ rows, fields: { column }, log }) {
    let wrong = 0;
    for await (const row of rows()) {
      const is_valid = isIban(String(row[column] ?? ''));
      if (!is_valid) wrong += 1;
      yield { ...row, is_valid };
    }
    log('info', `${wrong} numbers are wrong`);
  },
} satisfies CustomTask<typeof fields>;

export const tasks = [checkIban];

/** ISO 13616: the number that the rearranged letters and digits make leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const iban = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  const rearranged = iban.slice(4) + iban.slice(0, 4);
  const digits = rearranged.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}
