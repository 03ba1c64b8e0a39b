import { useState } from 'react';
import type { FormEvent } from 'react';
import type { LineageEdge } from '@floe/client';
import { Answered } from '../components/answered.tsx';
import { setQueryFields, useAddress } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { KINDS, isDirect, keepKinds, parseKinds } from './keep-kinds.ts';
import type { Kinds } from './keep-kinds.ts';
import { LineageGraph } from './lineage-graph.tsx';
import { lineageModel } from './lineage-model.ts';
import { DEPTH_DEFAULT, loadLineage, loadTables } from './load-lineage.ts';
import { LineageTable } from './lineage-table.tsx';
import { TableList } from './table-list.tsx';

const DEPTHS = [1, 2, 3, 5, 10, 20];

/** Where columns come from, and who uses them. */
export function LineagePage() {
  const search = useAddress().searchParams;
  const dataset = search.get('dataset') ?? '';
  const column = search.get('column') ?? '';
  const depth = Number(search.get('depth')) || DEPTH_DEFAULT;
  const kinds = parseKinds(search.get('kinds'));
  const tables = useAnswer({ key: 'tables', call: loadTables });
  return (
    <div className="page">
      <h1>Lineage</h1>
      <LineageForm
        key={`${dataset} ${column}`}
        dataset={dataset}
        column={column}
        depth={depth}
        tables={tables.value ?? []}
      />
      {dataset === '' ? (
        <Answered answer={tables} what="the tables">
          {(names) => <TableList names={names} />}
        </Answered>
      ) : (
        <Found dataset={dataset} column={column} depth={depth} kinds={kinds} />
      )}
    </div>
  );
}

type Question = { readonly dataset: string; readonly column: string; readonly depth: number };

function Found({ kinds, ...question }: Question & { readonly kinds: Kinds }) {
  const { dataset, column, depth } = question;
  const answer = useAnswer({
    key: `lineage ${dataset} ${column} ${depth}`,
    call: () => loadLineage(question),
  });
  return (
    <Answered answer={answer} what="the lineage">
      {({ up, down }) => {
        if (up.edges.length + down.edges.length === 0) return <NothingKnown {...question} />;
        const model = lineageModel(keepKinds(up, kinds, 'up'), keepKinds(down, kinds, 'down'));
        const all = [...up.edges, ...down.edges];
        return (
          <>
            <ChooseKinds kinds={kinds} edges={all} />
            {(up.truncated || down.truncated) && (
              <p className="muted">
                There is more than can be shown: ask for one column, or less deep.
              </p>
            )}
            <LineageGraph model={model} dataset={up.dataset} column={column} />
            <LineageTable edges={model.edges} />
          </>
        );
      }}
    </Answered>
  );
}

type ChooseProps = { readonly kinds: Kinds; readonly edges: readonly LineageEdge[] };

/** Which dependencies are shown; kept in the address. */
function ChooseKinds({ kinds, edges }: ChooseProps) {
  const direct = edges.filter(isDirect).length;
  const counts = { all: edges.length, direct, indirect: edges.length - direct };
  return (
    <div className="filter" role="group" aria-label="Kinds of dependency">
      {KINDS.map(([name, word, means]) => (
        <button
          key={name}
          type="button"
          className="chip"
          title={means}
          aria-pressed={name === kinds}
          onClick={() => setQueryFields({ kinds: name === 'all' ? '' : name })}
        >
          {word} <span className="muted">&nbsp;{counts[name]}</span>
        </button>
      ))}
    </div>
  );
}

function NothingKnown({ dataset, column }: Question) {
  return (
    <section className="empty">
      <h2>Nothing leads there</h2>
      <p>
        No newest version of a workflow reads or writes{' '}
        <code>{column === '' ? dataset : `${dataset}.${column}`}</code>. A table is named with its
        schema, like <code>analytics.late_flights</code>.
      </p>
    </section>
  );
}

type FormProps = Question & { readonly tables: readonly string[] };

function LineageForm({ dataset, column, depth, tables }: FormProps) {
  const [asked, setAsked] = useState(dataset);
  const [askedColumn, setAskedColumn] = useState(column);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setQueryFields({ dataset: asked.trim(), column: askedColumn.trim() }, 'push');
  };
  return (
    <form className="filter" role="search" onSubmit={submit}>
      <input
        data-filter
        type="search"
        className="wide"
        aria-label="Table"
        placeholder="Table, like analytics.late_flights"
        list="lineage-tables"
        value={asked}
        onChange={(event) => setAsked(event.target.value)}
      />
      <datalist id="lineage-tables">
        {tables.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <input
        type="search"
        aria-label="Column"
        placeholder="Column, or all"
        value={askedColumn}
        onChange={(event) => setAskedColumn(event.target.value)}
      />
      <label>
        <span className="muted">Steps </span>
        <select value={depth} onChange={(event) => setQueryFields({ depth: event.target.value })}>
          {DEPTHS.map((steps) => (
            <option key={steps}>{steps}</option>
          ))}
        </select>
      </label>
      <button type="submit" className="button">
        Show
      </button>
    </form>
  );
}
