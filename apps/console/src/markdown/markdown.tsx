/**
 * Markdown as elements of the page.
 *
 * 1. What the lexer finds becomes elements of React, one by one: no HTML is ever made of it, so nothing in it can run.
 * 2. HTML in it is shown as the text that it is; pictures as their description, for loading one would tell others.
 * 3. Its headings stand below those of the page.
 */
import { Fragment, createElement } from 'react';
import type { ReactNode } from 'react';
import { lexer } from 'marked';
import type { MarkedToken, Token, Tokens } from 'marked';
import { decodeEntities, isSafeAddress } from './plain-text.ts';

// Cards have headings of the second level, parts of them of the third.
const LEVEL_FIRST = 3;
const LEVEL_LAST = 6;

export function Markdown({ text }: { readonly text: string }) {
  return <div className="markdown">{renderAll(lexer(text))}</div>;
}

function renderAll(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => (
    <Fragment key={index}>{renderOne(token as MarkedToken)}</Fragment>
  ));
}

function renderOne(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      return createElement(headingOf(token.depth), undefined, renderAll(token.tokens));
    case 'paragraph':
      return <p>{renderAll(token.tokens)}</p>;
    case 'blockquote':
      return <blockquote>{renderAll(token.tokens)}</blockquote>;
    case 'list':
      return createElement(token.ordered ? 'ol' : 'ul', undefined, token.items.map(renderItem));
    case 'table':
      return <MarkdownTable table={token} />;
    case 'code':
      return <pre className="example">{token.text}</pre>;
    case 'hr':
      return <hr />;
    default:
      return renderInline(token);
  }
}

function renderInline(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{renderAll(token.tokens)}</strong>;
    case 'em':
      return <em>{renderAll(token.tokens)}</em>;
    case 'del':
      return <del>{renderAll(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <MarkdownLink link={token} />;
    case 'image':
      return <em>{decodeEntities(token.text)}</em>;
    case 'text':
      return token.tokens === undefined ? decodeEntities(token.text) : renderAll(token.tokens);
    case 'escape':
      return decodeEntities(token.text);
    case 'html':
      return token.raw;
    default:
      return null;
  }
}

function headingOf(depth: number): string {
  return `h${Math.min(LEVEL_LAST, LEVEL_FIRST + depth - 1)}`;
}

function renderItem(item: Tokens.ListItem, index: number): ReactNode {
  return <li key={index}>{renderAll(item.tokens)}</li>;
}

function MarkdownLink({ link: { href, tokens } }: { readonly link: Tokens.Link }) {
  if (!isSafeAddress(href)) return <>{renderAll(tokens)}</>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {renderAll(tokens)}
    </a>
  );
}

/** A table whose head is empty is a list of facts. */
function MarkdownTable({ table: { header, rows } }: { readonly table: Tokens.Table }) {
  const hasHead = header.some(({ text }) => text !== '');
  return (
    <div className="table-frame">
      <table>
        {hasHead && (
          <thead>
            <tr>
              {header.map((cell, index) => (
                <th key={index} scope="col">
                  {renderAll(cell.tokens)}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{row.map((cell, column) => renderCell(cell, column, hasHead))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function renderCell({ tokens }: Tokens.TableCell, column: number, hasHead: boolean): ReactNode {
  if (column > 0 || hasHead) return <td key={column}>{renderAll(tokens)}</td>;
  return (
    <th key={column} scope="row">
      {renderAll(tokens)}
    </th>
  );
}
