/** What every row of every book is: a node with an id and a provenance. */
import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import { Column, PrimaryColumn } from 'typeorm';
import { DateTimeScalar } from '../schema/scalars.js';
import { type BookOptions, Book as DecorateBook } from './definition.js';
import { defineEnum, type ValueOf } from './enums.js';

/** How a row came to the answer. */
export const Freshness = defineEnum('Freshness', 'How a row came to the answer. 数据时效', {
  LIVE: "Read from the partner's own system for this answer. 实时",
  MIRRORED: "Read from the hub's copy of the partner's book. 镜像",
  LAST_GOOD_COPY: 'Read from the last good copy, for the source did not answer. 最近可用副本',
});
export type Freshness = ValueOf<typeof Freshness>;

/** Where a row is from and how old it is. */
@ObjectType({ description: 'Where a row is from, as of when, and how it came. 数据来源' })
export class Provenance {
  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => DateTimeScalar, { description: 'As of when the source states it. 数据截止时间' })
  asOf!: string;

  @Field(() => Freshness.object, { description: 'How it came. 时效' })
  how!: Freshness;
}

/** Relay's Node. */
@InterfaceType('Node', { description: 'Anything with a global id. 节点', resolveType: (row: SourcedRow) => row.entity })
export abstract class Node {
  @Field(() => ID, { description: 'The global id. 全局标识' })
  id!: string;
}

/** A row of a book. */
@InterfaceType('Sourced', {
  description: 'A row of a book, with its provenance. 带来源的记录',
  implements: [Node],
  resolveType: (row: SourcedRow) => row.entity,
})
export abstract class Sourced extends Node {
  /** The id of the source that holds the row. */
  @PrimaryColumn({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  /** The row's key within its source. */
  @PrimaryColumn({ name: 'key', type: 'varchar', length: 128 })
  key!: string;

  /** As of when the source states the row. */
  @Column({ name: 'as_of', type: 'varchar', length: 24 })
  asOf!: string;

  /** When the row was closed, for its source no longer holds it; such a row is in no answer. */
  @Column({ name: 'closed_at', type: 'varchar', length: 24, nullable: true })
  closedAt!: string | null;

  @Field(() => Provenance, { description: 'Where the row is from. 来源' })
  provenance?: Provenance;
}

/** What the hub knows of a row beside its attributes. */
export interface SourcedRow {
  readonly entity: string;
  readonly source: string;
  readonly key: string;
  readonly asOf: string;
  readonly how: Freshness;
}

/** Declares an entity: a class that extends Sourced. */
export function Book(options: BookOptions): ClassDecorator {
  return DecorateBook({ ...options, interfaces: [Node, Sourced] });
}
