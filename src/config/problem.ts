/** Something wrong in a configuration file: where, what was expected, what came. */
export interface ConfigProblem {
  /** Relative to the park's folder: "icbc/source.yml". */
  readonly file: string;
  /** From 1; 0 where no line can be named. */
  readonly line: number;
  /** The path of the field: "books.Loan.columns.amount.unit". */
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

/** One line for people: "icbc/source.yml:17: books.Loan.columns.amount.unit: expected one of …, but got: 万块". A line or field that is not named is left out. */
export function describeProblem({ file, line, field, expected, got }: ConfigProblem): string {
  return `${file}:${line > 0 ? `${line}:` : ''} ${field === '' ? '' : `${field}: `}expected ${expected}, but got: ${got}`;
}
