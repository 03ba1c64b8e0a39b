import type { LogEntry } from '@floe/client';
import { logText } from './log-text.ts';

export type DownloadLogProps = {
  readonly runId: string;
  readonly entries: readonly LogEntry[];
};

/** The lines that are shown, as a file. */
export function DownloadLog({ runId, entries }: DownloadLogProps) {
  const download = () => {
    const text = entries.map((entry) => `${logText(entry)}\n`).join('');
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${runId}.log`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button
      type="button"
      className="button"
      disabled={entries.length === 0}
      title="Download the lines that are shown"
      onClick={download}
    >
      Download
    </button>
  );
}
