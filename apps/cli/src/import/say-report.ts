import { formatPlural } from '../render/amounts.ts';
import { renderTable } from '../render/table.ts';
import type { Terminal } from '../terminal.ts';
import type { ConnectionReport, ImportReport, ListedDocument } from './report.ts';

// The first ones show what is the matter; `--json` has more.
const SHOWN_MAX = 10;

/** A report for people. */
export function sayReport(report: ImportReport, terminal: Terminal, quarantineFile: string): void {
  const { red, dim } = terminal.outColors;
  const say = (line: string): void => terminal.print(line);
  const verb = report.isDryRun ? 'would be ' : '';
  if (report.rows === undefined) sayDocumentCounts(report, terminal);
  else sayRowCounts(report, report.rows, terminal);
  if (report.quarantined > 0)
    say(
      `  ${red(String(report.quarantined))} ${verb}put aside${report.isDryRun ? '' : `, see ${quarantineFile}`}`,
    );
  if (report.runs.read > 0)
    say(`  ${report.runs.read} past runs, ${report.runs.unchanged} of them there before`);
  sayDocuments('Kept without a workflow of Floe', report.listed.refused, terminal);
  sayDocuments('Put aside', report.listed.quarantined, terminal);
  sayCounts('To know', report.notes, terminal);
  sayCounts('Fields that nothing was made of (their values are kept)', report.unmapped, terminal);
  sayConnections(report.connections, terminal);
  if (report.isDryRun) say(dim('Nothing was stored. Without --dry-run it is.'));
}

function sayDocumentCounts(report: ImportReport, terminal: Terminal): void {
  const { bold, yellow, green } = terminal.outColors;
  const say = (line: string): void => terminal.print(line);
  const verb = report.isDryRun ? 'would be ' : '';
  say(bold(`${report.source}: ${formatPlural(report.documents, 'workflow document')}`));
  say(`  ${green(String(report.imported))} ${verb}imported, with a workflow of Floe`);
  if (report.unchanged > 0) say(`  ${report.unchanged} were imported before`);
  if (report.refused > 0)
    say(`  ${yellow(String(report.refused))} ${verb}kept without a workflow of Floe`);
}

function sayRowCounts(
  { source, runs, skipped, isDryRun }: ImportReport,
  rows: NonNullable<ImportReport['rows']>,
  terminal: Terminal,
): void {
  const { bold, green } = terminal.outColors;
  const nodes = formatPlural(rows.nodes, 'row');
  terminal.print(bold(`${source}: ${formatPlural(rows.runs, 'row')} of runs, ${nodes} of nodes`));
  const verb = isDryRun ? 'would be ' : '';
  terminal.print(`  ${green(String(runs.imported))} runs ${verb}imported`);
  if (skipped > 0) terminal.print(`  ${skipped} are runs of Floe itself`);
  if (!isDryRun) terminal.print(`  ${runs.nodesStored} nodes of all of them are stored`);
}

function sayDocuments(
  title: string,
  documents: readonly ListedDocument[],
  terminal: Terminal,
): void {
  if (documents.length === 0) return;
  terminal.print('');
  terminal.print(terminal.outColors.bold(title));
  for (const { place, workflowId, findings } of documents.slice(0, SHOWN_MAX)) {
    terminal.print(`  ${[place, workflowId].filter((part) => part !== '').join(', ')}`);
    for (const { path, message, hint } of findings.slice(0, SHOWN_MAX)) {
      terminal.print(`    ${path === '' ? '' : `${path}: `}${message}`);
      if (hint !== '') terminal.print(terminal.outColors.dim(`      ${hint}`));
    }
  }
  const more = documents.length - SHOWN_MAX;
  if (more > 0) terminal.print(`  and ${more} more; --json lists them`);
}

function sayCounts(
  title: string,
  counts: Readonly<Record<string, number>>,
  terminal: Terminal,
): void {
  const rows = Object.entries(counts).slice(0, SHOWN_MAX);
  if (rows.length === 0) return;
  terminal.print('');
  terminal.print(terminal.outColors.bold(title));
  for (const [text, count] of rows) terminal.print(`  ${count} × ${text}`);
}

function sayConnections(connections: readonly ConnectionReport[], terminal: Terminal): void {
  if (connections.length === 0) return;
  terminal.print('');
  const rows = connections.map((each) => [each.name, addressOf(each), each.secret, each.state]);
  const titles = ['connection', 'database', 'secret', 'state'].map((title) => ({ title }));
  for (const line of renderTable(titles, rows, terminal.outColors)) terminal.print(line);
  for (const each of connections.filter(({ state }) => state === 'missing')) {
    const { name, database, secret } = each;
    const address = `postgres://${each.username || 'USER'}@${each.host || 'HOST'}:${each.port}/${database || 'DATABASE'}`;
    terminal.print(
      `Set ${name}: floe connections set ${name} ${address} --secret ${secret || 'env:NAME'}`,
    );
  }
}

function addressOf({ host, port, database, username }: ConnectionReport): string {
  return `${username || '?'}@${host || '?'}:${port}/${database || '?'}`;
}
