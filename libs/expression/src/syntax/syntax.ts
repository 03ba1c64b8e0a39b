import type { Span } from '../problems.ts';

/** Python's syntax as far as Polars texts need it, before names mean anything. */
export type Syntax =
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  /** `b"..."`, in hexadecimal digits. */
  | { readonly kind: 'bytes'; readonly hex: string; readonly span: Span }
  | { readonly kind: 'integer'; readonly value: string; readonly span: Span }
  | { readonly kind: 'float'; readonly value: string; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'none'; readonly span: Span }
  | {
      readonly kind: 'attribute';
      readonly object: Syntax;
      readonly name: string;
      readonly nameSpan: Span;
      readonly span: Span;
    }
  | CallSyntax
  | { readonly kind: 'list'; readonly items: readonly Syntax[]; readonly span: Span }
  | {
      readonly kind: 'dictionary';
      readonly entries: readonly (readonly [Syntax, Syntax])[];
      readonly span: Span;
    }
  | {
      readonly kind: 'unary';
      readonly operator: string;
      readonly operand: Syntax;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Syntax;
      readonly right: Syntax;
      readonly span: Span;
      readonly operatorSpan: Span;
    }
  /** Refused and reported already: later steps pass over it in silence. */
  | { readonly kind: 'refused'; readonly span: Span };

export type CallSyntax = {
  readonly kind: 'call';
  readonly callee: Syntax;
  readonly positional: readonly Syntax[];
  readonly keywords: readonly KeywordSyntax[];
  readonly span: Span;
};

export type KeywordSyntax = {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Syntax;
};

export type StatementSyntax = {
  readonly name: string | null;
  readonly value: Syntax;
  readonly span: Span;
};
