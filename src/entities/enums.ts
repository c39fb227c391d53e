import { registerEnumType } from 'type-graphql';

/** A closed set of values, registered in the GraphQL schema. */
export interface EnumDefinition<V extends string = string> {
  readonly name: string;
  readonly object: { readonly [value in V]: V };
  readonly values: readonly V[];
}

/** The union of the values of an enum definition. */
export type ValueOf<D> = D extends EnumDefinition<infer V> ? V : never;

/** Declares an enum: each value with its description (English, then the official Chinese term). */
export function defineEnum<V extends string>(name: string, description: string, values: Record<V, string>): EnumDefinition<V> {
  const names = Object.keys(values) as V[];
  const object = Object.fromEntries(names.map((value) => [value, value])) as { [value in V]: V };
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }])) as { [value in V]: { description: string } };
  registerEnumType(object, { name, description, valuesConfig });
  return { name, object, values: names };
}
