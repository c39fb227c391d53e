/**
 * Facts of tenants that more than one book states: which kind each is, and which attributes state it. An attribute says so
 * itself (`states` in its entity file); nothing lists them a second time.
 */
import { type Attribute, allDefinitions, type EntityDefinition } from './definition.js';
import { defineEnum, type ValueOf } from './enums.js';
import type { Value, ValueKind } from './kinds.js';

export const Fact = defineEnum('Fact', 'A fact of a tenant that more than one source may state. 企业事实', {
  STAFF: 'Staff at the end of a year; the subject is the year. 年末从业人员',
  REVENUE: 'Operating revenue of a year; the subject is the year. 营业收入',
  REGISTERED_CAPITAL: 'Registered capital; it has no subject. 注册资本',
  STAKE: "What a partner investor's funds hold of it together; the subject is the investor's code. 投资机构持股比例",
  PATENT_PLEDGE: 'Whether a patent of it is pledged; the subject is the application number. 专利权质押',
});
export type Fact = ValueOf<typeof Fact>;

/** The kind of value of each fact. */
export const factKinds: Readonly<Record<Fact, ValueKind>> = {
  STAFF: 'integer',
  REVENUE: 'money',
  REGISTERED_CAPITAL: 'money',
  STAKE: 'decimal',
  PATENT_PLEDGE: 'boolean',
};

/** What `states` in `@Attribute` says: the attribute states a fact of a tenant. */
export interface StatedFact {
  readonly fact: Fact;
  /** The attribute that holds the tenant's USCC; `tenantUscc` unless told. */
  readonly tenant?: string;
  /** The attribute (or `source`) that says of what: the year, the investor, the patent. A row where it is empty states nothing. */
  readonly subject?: string;
  /** The attributes that may hold the day of the statement: the latest that is there counts. */
  readonly dates?: readonly string[];
  /**
   * What several rows of one source on one subject state together: the `latest` of them (unless told), their `sum`, or
   * whether `any` of them says yes. A source whose rows all say no knows only of its own: where another source's row of the
   * same entity says yes, its no is not counted.
   */
  readonly several?: 'latest' | 'sum' | 'any';
  /** The value that is stated, where it is not the attribute's own; empty where the row states none. */
  readonly as?: (value: Value, row: Readonly<Record<string, Value>>) => Value;
  /** Attributes that `as` reads beside its own. */
  readonly reads?: readonly string[];
}

/** An attribute that states a fact, with its entity. */
export interface StatingAttribute {
  readonly definition: EntityDefinition;
  readonly attribute: Attribute;
  readonly states: StatedFact;
}

/** Every attribute that states one of these facts. Throws where its kind is not the fact's and nothing says how it becomes one. */
export function statingAttributes(facts: ReadonlySet<Fact>): StatingAttribute[] {
  return allDefinitions().flatMap((definition) =>
    [...definition.attributes.values()].flatMap((attribute): StatingAttribute[] => {
      const { states } = attribute;
      if (!states || !facts.has(states.fact)) return [];
      if (!states.as && attribute.kind !== factKinds[states.fact])
        throw new Error(
          `${definition.name}.${attribute.name} states ${states.fact}: expected kind ${factKinds[states.fact]}, but got: ${attribute.kind}. Write \`as\`.`,
        );
      return [{ definition, attribute, states }];
    }),
  );
}

/** The attribute that holds the tenant's USCC. */
export function tenantAttribute({ tenant = 'tenantUscc' }: StatedFact): string {
  return tenant;
}
