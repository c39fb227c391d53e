/** How the two made-up APIs of the demonstration look. Their rows are in data/. */

/** The dialect of a partner's API. */
export interface Partner {
  /** The first segment of its paths, and the name of its data file. */
  readonly name: string;
  /** Query parameters of paging; whatever else a query holds asks for many keys. */
  readonly paging:
    | { readonly style: 'page'; readonly number: string; readonly size: string }
    | { readonly style: 'cursor'; readonly cursor: string; readonly size: string };
  /** The size of a page that is not asked for, and the greatest that is given. */
  readonly pageSize: { readonly usual: number; readonly greatest: number };
  /** The segment after a resource's path under which many keys are asked for by POST; by GET where there is none. */
  readonly batchSegment?: string;
  /** Most keys in one request. */
  readonly mostKeys: number;
  /** The answer around the rows. */
  readonly envelope: (page: PageOfRows) => unknown;
}

/** What an answer tells. */
export interface PageOfRows {
  readonly rows: readonly unknown[];
  readonly total: number;
  /** From 1. */
  readonly number: number;
  readonly size: number;
  /** Where the next page starts; null at the end. */
  readonly next: string | null;
}

/** The partners that the stand-in plays. */
export const partners: readonly Partner[] = [
  {
    name: 'spdb',
    paging: { style: 'page', number: 'pageNo', size: 'pageSize' },
    pageSize: { usual: 20, greatest: 500 },
    batchSegment: 'query',
    mostKeys: 1000,
    envelope: ({ rows, total, number, size }) => ({ code: '0000', message: 'success', data: { total, pageNo: number, pageSize: size, list: rows } }),
  },
  {
    name: 'huayu',
    paging: { style: 'cursor', cursor: 'cursor', size: 'limit' },
    pageSize: { usual: 20, greatest: 500 },
    mostKeys: 1000,
    envelope: ({ rows, next }) => ({ items: rows, next_cursor: next }),
  },
];
