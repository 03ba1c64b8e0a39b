import { readFile, stat } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import type { NoticeRule } from '@floe/notification';
import { readNoticeRules } from '@floe/workflow';
import { RULES_FILE_BYTES_MAX } from './limits.ts';

/** The rules for all workflows. Throws CONFIGURATION_INVALID with what is wrong in the file. */
export async function readInstallationRules(
  path: string | undefined,
): Promise<readonly NoticeRule[]> {
  if (path === undefined) return [];
  const { rules, violations } = readNoticeRules(await readText(path));
  if (violations.length === 0) return rules;
  throw new FloeError('CONFIGURATION_INVALID', `the rules of FLOE_NOTICES_FILE are wrong`, {
    violations: violations.map(({ field, place, message, ...rest }) => ({
      ...rest,
      field: place === undefined ? path : `${path}:${place.line}:${place.column}`,
      message: `${field}: ${message}`,
    })),
    hint: 'It holds `notify:` and a list of rules, as a document does.',
  });
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > RULES_FILE_BYTES_MAX) throw new Error(`it has ${size} bytes`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new FloeError('CONFIGURATION_INVALID', `FLOE_NOTICES_FILE cannot be read: ${path}`, {
      cause,
      hint: 'Name a file that the user of floe-metadata may read, or unset it.',
    });
  }
}
