/** The types of parameters, as the document writes them. */
export type ParameterType = 'string' | 'integer' | 'float' | 'boolean' | 'date' | 'datetime';

/** A parameter of a run. It is bound where it stands, never pasted. */
export class Parameter<Type extends ParameterType = ParameterType> {
  readonly name: string;
  readonly type: Type;

  constructor(name: string, type: Type) {
    this.name = name;
    this.type = type;
  }

  /** As it stands in texts of the document. */
  get reference(): string {
    return `\${{ params.${this.name} }}`;
  }
}

/** A statement of SQL in which only parameters may be put. */
export class Sql {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A statement whose values are parameters of the workflow: sql`select … where day >= ${since}`. */
export function sql(strings: TemplateStringsArray, ...parameters: readonly Parameter[]): Sql {
  const text = strings.reduce(
    (before, part, index) => `${before}${parameters[index - 1]?.reference ?? ''}${part}`,
  );
  return new Sql(text);
}
