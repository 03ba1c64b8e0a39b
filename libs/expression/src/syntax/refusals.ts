/** Python that is not part of the language, by the name of its node in the grammar: what it is and what to do. */
type Refusal = { readonly message: string; readonly hint: string };

const STATEMENT_HINT =
  'write assignments like `late = flights.filter(...)`, and a frame as the last line';

const refuse = (message: string, hint: string): Refusal => ({ message, hint });
const statement = (what: string): Refusal =>
  refuse(`${what} statements are not supported`, STATEMENT_HINT);

export const STATEMENT_REFUSALS: Readonly<Record<string, Refusal>> = {
  IfStatement: refuse('`if` is not supported', 'use pl.when(...).then(...).otherwise(...)'),
  ForStatement: refuse(
    '`for` is not supported',
    'Polars works on whole columns: use an expression',
  ),
  WhileStatement: refuse(
    '`while` is not supported',
    'Polars works on whole columns: use an expression',
  ),
  FunctionDefinition: refuse('`def` is not supported', 'write the expression where it is used'),
  ClassDefinition: statement('`class`'),
  DecoratedStatement: statement('decorated'),
  ImportStatement: refuse(
    'imports are not supported',
    'remove the line: `pl`, `date` and `datetime` are there already',
  ),
  WithStatement: statement('`with`'),
  TryStatement: statement('`try`'),
  MatchStatement: statement('`match`'),
  ReturnStatement: refuse(
    '`return` is not supported',
    'end with the frame itself as the last line',
  ),
  YieldStatement: statement('`yield`'),
  RaiseStatement: statement('`raise`'),
  AssertStatement: statement('`assert`'),
  DeleteStatement: statement('`del`'),
  ScopeStatement: statement('`global`'),
  PrintStatement: statement('`print`'),
  PassStatement: statement('`pass`'),
  BreakStatement: statement('`break`'),
  ContinueStatement: statement('`continue`'),
  TypeDefinition: statement('`type`'),
  UpdateStatement: refuse('`+=` and its like are not supported', 'write `x = x...` instead'),
};

const COMPREHENSION = refuse(
  'comprehensions are not supported',
  'name the columns: pl.col("a", "b") applies one expression to several',
);

export const EXPRESSION_REFUSALS: Readonly<Record<string, Refusal>> = {
  LambdaExpression: refuse('`lambda` is not supported: no Python runs', 'use Polars expressions'),
  ArrayComprehensionExpression: COMPREHENSION,
  ComprehensionExpression: COMPREHENSION,
  SetComprehensionExpression: COMPREHENSION,
  DictionaryComprehensionExpression: COMPREHENSION,
  FormatString: refuse(
    'f-strings are not supported',
    'use pl.format("{} ...", ...) or pl.concat_str',
  ),
  NamedExpression: refuse('`:=` is not supported', 'assign on a line of its own'),
  ConditionalExpression: refuse(
    '`a if b else c` is not supported',
    'use pl.when(b).then(a).otherwise(c)',
  ),
  AwaitExpression: refuse('`await` is not supported', 'remove it'),
  YieldExpression: refuse('`yield` is not supported', 'remove it'),
  SetExpression: refuse('sets are not supported', 'use a list: [...]'),
  Ellipsis: refuse('`...` is not supported', 'write out what is meant'),
};

export const OPERATOR_REFUSALS: Readonly<Record<string, Refusal>> = {
  and: refuse(
    '`and` is not supported',
    'use `&`, with parentheses around each side: (a > 1) & (b < 2)',
  ),
  or: refuse(
    '`or` is not supported',
    'use `|`, with parentheses around each side: (a > 1) | (b < 2)',
  ),
  not: refuse('`not` is not supported', 'use `~`: ~(a > 1)'),
  in: refuse('`in` is not supported', 'use .is_in([...])'),
  is: refuse('`is` is not supported', 'use .is_null() or .is_not_null(), or =='),
  '@': refuse('`@` is not supported', 'there is no matrix product'),
  '<<': refuse('`<<` is not supported', 'multiply by a power of two'),
  '>>': refuse('`>>` is not supported', 'use // by a power of two'),
};

export const CHAINED_COMPARISON = refuse(
  'chained comparison is not supported',
  'use .is_between(low, high), or (a > 1) & (a < 2): `&` and `|` bind tighter than comparisons, so put each side in parentheses',
);

export const SUBSCRIPT = refuse(
  'subscripts are not supported',
  'use .head(n), .slice(offset, length), .list.get(i) or pl.col("name")',
);
