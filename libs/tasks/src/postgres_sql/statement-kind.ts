/** What a statement begins with, once comments and blanks are passed over; in capitals. Empty for no statement. */
export function leadingWords(sql: string, count: number): readonly string[] {
  const words: string[] = [];
  let rest = skipBlank(sql);
  while (words.length < count) {
    const word = /^[A-Za-z_]+/.exec(rest)?.[0];
    if (word === undefined) break;
    words.push(word.toUpperCase());
    rest = skipBlank(rest.slice(word.length));
  }
  return words;
}

/** Comments nest in PostgreSQL. */
function skipBlank(sql: string): string {
  let rest = sql.trimStart();
  for (;;) {
    if (rest.startsWith('--')) {
      const end = rest.indexOf('\n');
      rest = end === -1 ? '' : rest.slice(end + 1).trimStart();
    } else if (rest.startsWith('/*')) {
      rest = rest.slice(endOfBlockComment(rest)).trimStart();
    } else return rest;
  }
}

function endOfBlockComment(text: string): number {
  let depth = 0;
  for (const match of text.matchAll(/\/\*|\*\//g)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return match.index + 2;
  }
  return text.length;
}

const ENDS_TRANSACTION = new Set(['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'START']);

/**
 * The word with which a statement begins, ends or splits the transaction that is the task's; undefined for all others.
 * `rollback to savepoint` stays within it, and `prepare` is only the transaction's as `prepare transaction`.
 */
export function transactionWord(sql: string): string | undefined {
  const [first = '', second = ''] = leadingWords(sql, 2);
  if (first === 'ROLLBACK' && second === 'TO') return undefined;
  if (first === 'PREPARE' && second === 'TRANSACTION') return 'PREPARE TRANSACTION';
  return ENDS_TRANSACTION.has(first) ? first : undefined;
}
