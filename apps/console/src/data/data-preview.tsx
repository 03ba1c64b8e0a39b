import { formatCount, formatRows } from '../format/quantity.ts';
import { formatCell, histogramOf } from './profile.ts';
import type { Cell, ColumnProfile, DatasetProfile } from './profile.ts';

export type DataPreviewProps = {
  readonly profile: DatasetProfile;
  /** Types by column, as Polars writes them. */
  readonly types: ReadonlyMap<string, string>;
};

/** The first rows of a dataset under what its columns hold. */
export function DataPreview({ profile, types }: DataPreviewProps) {
  const { columns, preview, rows } = profile;
  if (rows === 0) return <p className="muted">It has its columns, and no rows.</p>;
  return (
    <>
      <p className="muted">
        <Extent profile={profile} />
      </p>
      <div
        className="table-frame preview"
        tabIndex={0}
        role="region"
        aria-label="Preview of the rows"
      >
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <ColumnHead
                  key={column.name}
                  column={column}
                  type={types.get(column.name) ?? ''}
                  cells={preview.map((row) => row[index] ?? null)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((row, index) => (
              <tr key={index}>
                {row.map((cell, position) => (
                  <td key={position} data-null={cell === null}>
                    {formatCell(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** How much of the dataset the preview and its numbers are of. */
function Extent({
  profile: { preview, rows, profiledRows, parts },
}: Pick<DataPreviewProps, 'profile'>) {
  const isWhole = profiledRows >= rows;
  const shown = formatCount(preview.length);
  return (
    <>
      {preview.length === rows
        ? `All ${formatRows(String(rows))}`
        : `${shown} of ${formatCount(rows)} rows`}
      {!isWhole && `; numbers are of the first ${formatCount(profiledRows)}`}
      {!isWhole && parts !== undefined && ', from all parts'}; bars are of the rows below.
      {parts !== undefined &&
        parts.shown < parts.of &&
        ` This is of ${parts.shown} of ${parts.of} parts.`}
    </>
  );
}

type HeadProps = {
  readonly column: ColumnProfile;
  readonly type: string;
  readonly cells: readonly Cell[];
};

function ColumnHead({ column, type, cells }: HeadProps) {
  const { name, masked, nulls, distinct, distinctAtLeast, min, max, mean } = column;
  return (
    <th scope="col">
      <span className="preview-name">{name}</span>
      <span className="preview-type">{type}</span>
      {!masked && <Histogram cells={cells} />}
      <span className="preview-facts">
        {masked && 'masked '}
        {nulls !== undefined && nulls > 0 && `${formatCount(nulls)} null `}
        {distinct !== undefined && `${formatCount(distinct)} distinct `}
        {distinctAtLeast !== undefined && `at least ${formatCount(distinctAtLeast)} distinct `}
      </span>
      {min !== undefined && (
        <span className="preview-facts" title={`${formatCell(min)} to ${formatCell(max)}`}>
          {formatCell(min)} … {formatCell(max)}
        </span>
      )}
      {mean !== undefined && mean !== null && (
        <span className="preview-facts">mean {formatMean(mean)}</span>
      )}
    </th>
  );
}

function formatMean(mean: Cell): string {
  const value = Number(mean);
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : formatCell(mean);
}

const BAR_WIDTH = 7;
const HEIGHT = 22;

function Histogram({ cells }: { readonly cells: readonly Cell[] }) {
  const bars = histogramOf(cells);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <svg
      className="histogram"
      width={12 * BAR_WIDTH}
      height={HEIGHT}
      aria-hidden="true"
      focusable="false"
    >
      {bars.map(({ label, count }, index) => {
        const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
        return (
          <rect
            key={label}
            x={index * BAR_WIDTH}
            y={HEIGHT - height}
            width={BAR_WIDTH - 1}
            height={height}
          >
            <title>{`${label}: ${count}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
