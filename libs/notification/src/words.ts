/** What a notice says where its rule has no words of its own. */
import type { NoticeFacts } from './notice.ts';
import type { NoticeEvent } from './rule.ts';

const HAPPENED: Readonly<Record<NoticeEvent, string>> = {
  failed: 'failed',
  succeeded: 'succeeded',
  cancelled: 'was cancelled',
  recovered: 'works again',
  late: 'is late',
};

export function defaultSubject(event: NoticeEvent, facts: NoticeFacts): string {
  return `${facts['workflow.name']} ${HAPPENED[event]}`;
}

/** A line for each thing that is known. */
export function defaultText(event: NoticeEvent, facts: NoticeFacts): string {
  const isNothingStarted = facts['run.id'] === '';
  const lines: readonly (readonly [string, string])[] = [
    ['', `${facts['workflow.name']} ${HAPPENED[event]}.`],
    ['', isNothingStarted ? 'Nothing was started.' : ''],
    ['Error', errorOf(facts)],
    ['Task', facts['run.failed_task']],
    ['Due', facts['run.due_at']],
    ['Began', facts['run.started_at']],
    ['Ended', facts['run.ended_at']],
    ['Took', facts['run.duration']],
    ['Run', facts['run.id']],
    ['', facts['run.url']],
  ];
  const known = lines.filter(([, value]) => value !== '');
  return `${known.map(([name, value]) => (name === '' ? value : `${name}: ${value}`)).join('\n')}\n`;
}

function errorOf(facts: NoticeFacts): string {
  const { 'run.error': error, 'run.error_code': code } = facts;
  return error === '' || code === '' ? error : `${error} (${code})`;
}

export function happened(event: NoticeEvent): string {
  return HAPPENED[event];
}
