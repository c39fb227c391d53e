/**
 * The ready queries. First one query as seen by five viewers: the README's own. Then one file each in queries/, in the order of
 * their names; what is asked with is beside it as JSON, and a line "# Asked as: BANK" says for whom it is.
 */
import firstQuery from '../../docs/first-query.graphql?raw';
import type { Meant } from './viewers.js';

/** A query that somebody may start from. */
export interface ReadyQuery {
  readonly file: string;
  /** For whom it is, from the first line of the file. */
  readonly title: string;
  /** As whom it is asked. */
  readonly meant: Meant;
  readonly query: string;
  /** JSON, or nothing where the query takes no variables. */
  readonly variables?: string;
}

const queries = import.meta.glob<string>('./queries/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./queries/*.json', { query: '?raw', import: 'default', eager: true });

/** Who sees the one company, and what to look at. The operation's name is the title of the tab. */
const SEEN_BY: readonly (readonly [name: string, meant: Meant, title: string, look: string])[] = [
  ['AsPublic', 'PUBLIC', 'anyone 公众', 'Its name. Partners are not even asked. 仅公开信息'],
  ['AsTenant', 'TENANT', 'the company itself 企业本身', 'Its own file, whole. 自己的全部信息'],
  ['AsInvestor', 'INVESTOR', 'an investor 投资机构', "Its own holding; others' in part. 他家仅公开部分"],
  ['AsBank', 'BANK', 'a bank 银行', "Other banks' loans by authorization. 他行贷款经企业授权"],
  ['AsPark', 'PARK OPERATOR', 'the park 园区', 'Holdings by authorization; no loan without. 贷款未授权'],
];

const seenBy = SEEN_BY.map(
  ([name, meant, title, look]): ReadyQuery => ({
    file: `docs/first-query.graphql as ${name}`,
    title: `One company, as seen by ${title}`,
    meant,
    query: `# One company, as seen by ${title}\n# ${look}\n${firstQuery.trim().replace('query FirstQuery', `query ${name}`)}\n`,
  }),
);

const others = Object.keys(queries)
  .sort()
  .map((file): ReadyQuery => {
    const query = queries[file] ?? '';
    const asked = variables[file.replace(/\.graphql$/, '.json')]?.trimEnd();
    return {
      file,
      title: query.slice(0, query.indexOf('\n')).replace(/^#\s*/, ''),
      meant: (/^# Asked as: ([A-Z ]+)$/m.exec(query)?.[1] ?? 'PUBLIC') as Meant,
      query,
      ...(asked !== undefined && { variables: asked }),
    };
  });

/** All ready queries. */
export const readyQueries: readonly ReadyQuery[] = [...seenBy, ...others];

/** For whom a query is, where it is a ready one. */
export function meantOf(query: string): Meant | undefined {
  return readyQueries.find((ready) => ready.query === query)?.meant;
}
