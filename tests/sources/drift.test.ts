import { describe, expect, it } from 'vitest';
import type { BookMapping } from '../../src/config/sourceFile.js';
import { definitionOf } from '../../src/entities/definition.js';
import { Loan } from '../../src/entities/index.js';
import { type Columns, describeDrift, layoutOf, refuseDrifted } from '../../src/sources/drift.js';
import type { Condition, RowsAsk } from '../../src/sources/source.js';

const mapping: BookMapping = {
  from: { table: 'dk', as: 'd' },
  joins: [{ from: { table: 'kh' }, as: 'k', on: { khh: 'khbh' } }],
  where: [{ column: 'scbz', equals: '0' }],
  columns: {
    number: { column: 'jjbh' },
    tenantUscc: { column: 'k.xydm' },
    kind: { constant: 'CREDIT' },
    amount: { column: 'fkje' },
    balance: { column: 'fkje' },
  },
};
const present = ['jjbh', 'khbh', 'scbz', 'fkje', 'bz', 'k.khh', 'k.xydm'];

const layout = (columns: Partial<Columns>) => layoutOf(definitionOf(Loan), mapping, { present, ...columns });
const without = (...gone: string[]) => present.filter((column) => !gone.includes(column));

describe('a layout', () => {
  it('of a book that is whole is its mapping', () => {
    expect(layout({})).toEqual({ mapping, drift: undefined });
  });

  it('leaves out what rests on a missing column, and names it with what is new', () => {
    const { mapping: reduced, drift } = layout({ present: [...without('fkje'), 'fkje_yuan'], before: present });
    expect(Object.keys(reduced.columns)).toEqual(['number', 'tenantUscc', 'kind']);
    expect(drift).toEqual({ entity: 'Loan', missing: ['fkje'], added: ['fkje_yuan'], attributes: ['amount', 'balance'], unreadable: false });
    expect(describeDrift(drift as never)).toBe('Loan: fkje is missing, so that amount, balance cannot be read. New: fkje_yuan.');
  });

  it('of a book that was not seen whole so far names every column that is not mapped', () => {
    expect(layout({ present: without('fkje') }).drift?.added).toEqual(['bz']);
  });

  it('does without a join whose key is gone on either side, and without all that it joined', () => {
    for (const key of ['k.khh', 'khbh']) {
      const { mapping: reduced, drift } = layout({ present: without(key) });
      expect(reduced.joins).toEqual([]);
      expect(drift).toMatchObject({ missing: [key], attributes: ['tenantUscc'], unreadable: false });
    }
  });

  it('reads no row without the column of the key', () => {
    const { drift } = layout({ present: without('jjbh') });
    expect(drift).toMatchObject({ missing: ['jjbh'], unreadable: true });
    expect(drift?.attributes).toEqual([...definitionOf(Loan).attributes.keys()]);
    expect(describeDrift(drift as never)).toContain('so that no row can be read.');
  });

  it('reads no row without the column that says which rows are the book’s', () => {
    expect(layout({ present: without('scbz') }).drift).toMatchObject({ missing: ['scbz'], unreadable: true });
  });

  it('may be told which columns are lacking', () => {
    expect(layout({ present: [], lacks: (column, attribute) => column === 'fkje' && attribute === 'balance' }).drift?.attributes).toEqual(['balance']);
  });
});

describe('an ask of a drifted book', () => {
  const { drift } = layout({ present: without('fkje') });
  const ask: RowsAsk = { entity: 'Loan', attributes: ['amount'], order: [{ attribute: 'key', descending: false, nullsFirst: false }] };
  const isAmount: Condition = { attribute: 'amount', is: 'gt', value: 1n };

  it('that merely selects what is missing is answered', () => {
    expect(() => refuseDrifted('icbc', drift, ask)).not.toThrow();
    expect(() => refuseDrifted('icbc', drift, { ...ask, where: { attribute: 'kind', is: 'eq', value: 'CREDIT' } })).not.toThrow();
    expect(() => refuseDrifted('icbc', undefined, { ...ask, where: isAmount })).not.toThrow();
  });

  it.each<[string, Partial<RowsAsk>]>([
    ['filters by it', { where: isAmount }],
    ['filters by it deep inside', { where: { not: { any: [{ all: [isAmount] }] } } }],
    ['orders by it', { order: [{ attribute: 'amount', descending: false, nullsFirst: false }, ...ask.order] }],
    ['asks for its keys', { keys: { attribute: 'amount', values: [1n] } }],
  ])('that %s is refused, naming the source and the column', (_what, more) => {
    expect(() => refuseDrifted('icbc', drift, { ...ask, ...more })).toThrow('The columns of icbc changed. Loan: fkje is missing');
  });

  it('that groups or adds up by it is refused, one that counts is answered', () => {
    const totals = { entity: 'Loan', groupBy: [], figures: [{ function: 'count' as const }] };
    expect(() => refuseDrifted('icbc', drift, totals)).not.toThrow();
    expect(() => refuseDrifted('icbc', drift, { ...totals, figures: [{ function: 'sum', attribute: 'amount' }] })).toThrow('fkje');
    expect(() => refuseDrifted('icbc', drift, { ...totals, groupBy: [{ attribute: 'balance', year: false }] })).toThrow('fkje');
  });

  it('of which no row can be read is refused whatever it is', () => {
    expect(() => refuseDrifted('icbc', layout({ present: without('jjbh') }).drift, { ...ask, attributes: [] })).toThrow('no row can be read');
  });
});
