/** The kinds of values an attribute may have, and what each is in the graph and in the store. */
import { GraphQLBoolean, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql';
import type { ColumnOptions } from 'typeorm';
import { DateScalar, DateTimeScalar, DecimalScalar, MoneyScalar, UsccScalar } from '../schema/scalars.js';

/** text, uscc, date, dateTime and enum are strings in a row; money and decimal bigints; integer a number; boolean a boolean. */
export type ValueKind = 'text' | 'uscc' | 'money' | 'decimal' | 'integer' | 'date' | 'dateTime' | 'boolean' | 'enum';

/** A value of a row. */
export type Value = string | bigint | number | boolean | null;

interface KindTraits {
  graphql: GraphQLScalarType;
  /** The store's column, the same type names on SQLite and PostgreSQL. */
  column: (length?: number) => ColumnOptions;
  /** Less and greater mean something. */
  ordered: boolean;
  /** Can be added up. */
  additive: boolean;
}

/** The traits of each kind: the one table that columns, fields, filters and totals are made from. */
export const valueKinds: Readonly<Record<ValueKind, KindTraits>> = {
  text: { graphql: GraphQLString, column: (length = 200) => ({ type: 'varchar', length }), ordered: true, additive: false },
  uscc: { graphql: UsccScalar, column: () => ({ type: 'varchar', length: 18 }), ordered: true, additive: false },
  money: { graphql: MoneyScalar, column: () => ({ type: 'bigint' }), ordered: true, additive: true },
  decimal: { graphql: DecimalScalar, column: () => ({ type: 'bigint' }), ordered: true, additive: true },
  integer: { graphql: GraphQLInt, column: () => ({ type: 'integer' }), ordered: true, additive: true },
  date: { graphql: DateScalar, column: () => ({ type: 'varchar', length: 10 }), ordered: true, additive: false },
  dateTime: { graphql: DateTimeScalar, column: () => ({ type: 'varchar', length: 24 }), ordered: true, additive: false },
  boolean: { graphql: GraphQLBoolean, column: () => ({ type: 'boolean' }), ordered: false, additive: false },
  enum: { graphql: GraphQLString, column: () => ({ type: 'varchar', length: 40 }), ordered: false, additive: false },
};
