import { useState } from 'react';
import type { Token } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Instant, Nothing } from '../components/instant.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { useAnswer } from '../use-answer.ts';
import { NewTokenForm } from './new-token-form.tsx';
import { scopeWord } from './scope-word.ts';

// Who has more reads them in a terminal: floe tokens list.
const TOKENS_MAX = 500;

/** Who may do what, by token: make one, revoke one. */
export function Tokens() {
  const answer = useAnswer({
    key: 'tokens',
    call: async () => (await floe.listTokens({ pageSize: TOKENS_MAX })).tokens,
  });
  return (
    <>
      <NewTokenForm onMade={answer.reload} />
      <Answered answer={answer} what="the tokens">
        {(tokens) => <TokenTable tokens={tokens} onChanged={answer.reload} />}
      </Answered>
    </>
  );
}

type TableProps = { readonly tokens: readonly Token[]; readonly onChanged: () => void };

function TokenTable({ tokens, onChanged }: TableProps) {
  const [error, setError] = useState<unknown>(undefined);
  const revoke = (tokenId: string) => void floe.revokeToken(tokenId).then(onChanged, setError);
  if (tokens.length === 0) {
    return (
      <section className="empty">
        <h2>No token yet</h2>
        <p>On this machine alone none is needed. Make one before others may come in.</p>
      </section>
    );
  }
  return (
    <section className="card table-frame" aria-label="Tokens">
      {error !== undefined && <ProblemBanner title="It was not revoked." error={error} />}
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">May</th>
            <th scope="col">Workflows</th>
            <th scope="col">Made</th>
            <th scope="col">Last used</th>
            <th scope="col">Until</th>
            <th scope="col">Revoke</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <TokenRow key={token.tokenId} token={token} onRevoke={revoke} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = { readonly token: Token; readonly onRevoke: (tokenId: string) => void };

function TokenRow({ token, onRevoke }: RowProps) {
  const { tokenId, name, scope, workflowNames, createTime, createdBy } = token;
  const { lastUseTime, lastUseAddress, expireTime, revokeTime } = token;
  const [isSure, setSure] = useState(false);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{scopeWord(scope)}</td>
      <td>{workflowNames.length === 0 ? 'all' : workflowNames.join(', ')}</td>
      <td>
        <Instant at={createTime} /> <span className="muted">by {createdBy}</span>
      </td>
      <td>
        <Instant at={lastUseTime} /> <span className="muted">{lastUseAddress}</span>
      </td>
      <td>{expireTime === undefined ? <Nothing /> : <Instant at={expireTime} />}</td>
      <td>
        {revokeTime !== undefined ? (
          <span className="muted">
            revoked <Instant at={revokeTime} />
          </span>
        ) : (
          <button
            type="button"
            className={isSure ? 'button danger' : 'button'}
            onBlur={() => setSure(false)}
            onClick={() => (isSure ? onRevoke(tokenId) : setSure(true))}
          >
            {isSure ? `Really revoke ${name}` : 'Revoke'}
          </button>
        )}
      </td>
    </tr>
  );
}
