// What a semicolon does not end a statement in: texts, quoted names, comments.
const PART =
  /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|;|[^'"\-/$;]+|[\s\S]/g;

/** The statements of an SQL text, without their semicolons and without the comments between them. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = [];
  let statement = '';
  for (const [part] of text.matchAll(PART)) {
    if (part === ';') {
      statements.push(statement.trim());
      statement = '';
    } else if (!part.startsWith('--') && !part.startsWith('/*')) statement += part;
  }
  return [...statements, statement.trim()].filter((one) => one !== '');
}
