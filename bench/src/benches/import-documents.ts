import type { Bench, Measurement } from '../bench.ts';
import { makeExport, runImport } from '../floe/import-documents.ts';
import { rounded } from '../statistics.ts';

const DOCUMENTS = 100_000;
const DOCUMENTS_QUICK = 2_000;

/** `floe import mongo` on a file of mongoexport, as a person runs it: into an empty Floe, and once more. */
export const importDocuments: Bench = {
  summary: 'importing workflow documents of the replaced service, with `floe import mongo`',
  rows: DOCUMENTS,
  async run(floe, { isQuick, rows, say, signal }): Promise<Measurement> {
    const documents = rows ?? (isQuick ? DOCUMENTS_QUICK : DOCUMENTS);
    const path = await makeExport(floe.stateDir, documents);
    const first = await runImport(floe, path, signal);
    say(`${documents} documents in ${rounded(first.wallMs / 1000)} s`);
    const again = await runImport(floe, path, signal);
    say(`the same again in ${rounded(again.wallMs / 1000)} s`);
    if (first.imported !== documents || again.unchanged !== documents)
      throw new Error(
        `of ${documents} documents ${first.imported} were imported, ${again.unchanged} found again`,
      );
    return {
      figures: {
        documents,
        documents_per_second: rounded((documents / first.wallMs) * 1000),
        wall_s: rounded(first.wallMs / 1000),
        again_s: rounded(again.wallMs / 1000),
        command_peak_mib: rounded(first.command.peakMib),
        metadata_peak_mib: rounded(first.metadata.peakMib),
        together_peak_mib: rounded(first.command.peakMib + first.metadata.peakMib),
        gateway_peak_mib: rounded(first.gateway.peakMib),
        command_cpu_s: rounded(first.command.cpuSeconds),
        metadata_cpu_s: rounded(first.metadata.cpuSeconds),
        gateway_cpu_s: rounded(first.gateway.cpuSeconds),
      },
      peers: {},
      ratios: {},
    };
  },
};
