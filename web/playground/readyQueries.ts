/** The ready queries: one file each in queries/, in the order of their names; what is asked with is beside it as JSON. */

/** A query that somebody may start from. */
export interface ReadyQuery {
  readonly file: string;
  /** For whom it is, from the first line of the file. */
  readonly title: string;
  readonly query: string;
  /** JSON, or nothing where the query takes no variables. */
  readonly variables?: string;
}

const queries = import.meta.glob<string>('./queries/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./queries/*.json', { query: '?raw', import: 'default', eager: true });

/** All ready queries. */
export const readyQueries: readonly ReadyQuery[] = Object.keys(queries)
  .sort()
  .map((file) => {
    const query = queries[file] ?? '';
    const asked = variables[file.replace(/\.graphql$/, '.json')]?.trimEnd();
    return { file, title: query.slice(0, query.indexOf('\n')).replace(/^#\s*/, ''), query, ...(asked !== undefined && { variables: asked }) };
  });
