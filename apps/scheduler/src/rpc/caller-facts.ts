import { FloeError } from '@floe/errors';
import type { StartRunRequest } from '@floe/rpc/contracts';
import type { RunRecord } from '@floe/scheduling';
import {
  ANNOTATIONS_MAX,
  ANNOTATION_NAME_LENGTH_MAX,
  ANNOTATION_VALUE_LENGTH_MAX,
  GROUP_ID_LENGTH_MAX,
} from '../limits.ts';

const ANNOTATION_NAME = /^[A-Za-z0-9._/-]+$/;

type CallerFacts = Pick<RunRecord, 'annotations' | 'groupId' | 'isExclusive'>;

/** What a caller says about a run, within its bounds. Throws ARGUMENT_INVALID with each violation. */
export function readCallerFacts(
  request: Pick<StartRunRequest, 'annotations' | 'groupId' | 'exclusive'>,
): CallerFacts {
  const { annotations, groupId, exclusive } = request;
  const violations = [...wrongAnnotations(annotations), ...wrongGroup(groupId)];
  if (violations.length > 0) {
    const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new FloeError('ARGUMENT_INVALID', `the run cannot be noted: ${listed}`, { violations });
  }
  return {
    ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }),
    ...(groupId !== '' && { groupId }),
    ...(exclusive && { isExclusive: true }),
  };
}

type Violation = { readonly field: string; readonly message: string };

function wrongAnnotations(annotations: Readonly<Record<string, string>>): Violation[] {
  const entries = Object.entries(annotations);
  if (entries.length > ANNOTATIONS_MAX) {
    return [{ field: 'annotations', message: `are more than ${ANNOTATIONS_MAX}` }];
  }
  return entries.flatMap(([name, value]) => {
    const field = `annotations.${name.slice(0, ANNOTATION_NAME_LENGTH_MAX)}`;
    const isName = name.length <= ANNOTATION_NAME_LENGTH_MAX && ANNOTATION_NAME.test(name);
    if (!isName) {
      const message = `has no name of 1 to ${ANNOTATION_NAME_LENGTH_MAX} letters, digits and ._/-`;
      return [{ field, message }];
    }
    return wrongText(field, value, ANNOTATION_VALUE_LENGTH_MAX);
  });
}

function wrongGroup(groupId: string): Violation[] {
  return wrongText('group_id', groupId, GROUP_ID_LENGTH_MAX);
}

/** PostgreSQL keeps no text with a zero character. */
function wrongText(field: string, text: string, lengthMax: number): Violation[] {
  if (text.length > lengthMax)
    return [{ field, message: `is longer than ${lengthMax} characters` }];
  return text.includes('\u0000') ? [{ field, message: 'holds a zero character' }] : [];
}
