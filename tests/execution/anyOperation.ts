/** Random operations over any schema: fields, aliases, repeats, fragments of both kinds, conditions, arguments, variables right and wrong. */
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Draw } from '../access/world.js';

/** An operation, and what it is asked with. */
export interface AnyOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Making {
  readonly draw: Draw;
  readonly schema: GraphQLSchema;
  readonly fragments: { readonly name: string; readonly on: string }[];
  readonly declared: Map<string, string>;
  readonly values: Record<string, unknown>;
  aliases: number;
  /** Fields that may still be selected: a document ends. */
  budget: number;
}

/** An operation over the schema; most are valid. */
export function anyOperation(draw: Draw, schema: GraphQLSchema): AnyOperation {
  const making: Making = { draw, schema, fragments: [], declared: new Map(), values: {}, aliases: 0, budget: 40 };
  const composites = Object.values(schema.getTypeMap()).filter((type) => (isObjectType(type) || isAbstractType(type)) && !type.name.startsWith('__'));
  const definitions = Array.from({ length: draw(5) }, (_, index) => {
    const on = composites[draw(composites.length)] as GraphQLNamedType;
    const text = `fragment F${index} on ${on.name} ${selectionSet(making, on, 3)}`;
    // Known from here on: a fragment spreads only those before it.
    making.fragments.push({ name: `F${index}`, on: on.name });
    return text;
  });
  const kind = draw(4) === 0 && schema.getMutationType() ? 'mutation' : 'query';
  const root = (kind === 'mutation' ? schema.getMutationType() : schema.getQueryType()) as GraphQLNamedType;
  const selection = selectionSet(making, root, 0);
  // What nobody spreads, and what nobody uses, must not be there.
  let used = selection;
  for (const definition of definitions.reverse()) {
    const [, name] = definition.split(' ');
    if (new RegExp(`\\.\\.\\.${name}\\b`).test(used)) used = `${used}\n${definition}`;
  }
  const variables = [...making.declared].filter(([name]) => new RegExp(`\\$${name}\\b`).test(used)).map(([name, type]) => `$${name}: ${type}`);
  return { text: `${kind} O${variables.length > 0 ? `(${variables.join(', ')})` : ''} ${used}`, variables: making.values };
}

function selectionSet(making: Making, type: GraphQLNamedType, depth: number): string {
  const { draw } = making;
  const selections = Array.from({ length: 1 + draw(4) }, () => selection(making, type, depth));
  return `{ ${selections.join(' ')} }`;
}

function selection(making: Making, type: GraphQLNamedType, depth: number): string {
  const { draw, schema, fragments } = making;
  const kind = draw(10);
  if (kind === 0 && depth < 6) return `...${condition(making)} ${selectionSet(making, type, depth + 1)}`;
  if (kind === 1 && depth < 6) {
    const on = overlapping(schema, type)[draw(overlapping(schema, type).length)] as GraphQLNamedType;
    return `... on ${on.name}${condition(making)} ${selectionSet(making, on, depth + 1)}`;
  }
  if (kind === 2) {
    const usable = fragments.filter(({ on }) => overlapping(schema, type).some(({ name }) => name === on));
    const chosen = usable[draw(Math.max(1, usable.length))];
    if (chosen) return `...${chosen.name}${condition(making)}`;
  }
  return field(making, type, depth);
}

/** Composite types that an object of this type can be of, too. */
function overlapping(schema: GraphQLSchema, type: GraphQLNamedType): GraphQLNamedType[] {
  const possible = possibleTypes(schema, type);
  return Object.values(schema.getTypeMap()).filter(
    (other) =>
      !other.name.startsWith('__') && (isObjectType(other) || isAbstractType(other)) && possibleTypes(schema, other).some((name) => possible.includes(name)),
  );
}

function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
}

function field(making: Making, type: GraphQLNamedType, depth: number): string {
  const { draw } = making;
  if (draw(12) === 0 || !(isObjectType(type) || isInterfaceType(type))) return `${draw(3) === 0 ? `t${draw(3)}: ` : ''}__typename${condition(making)}`;
  making.budget--;
  const isEnd = depth > 5 || making.budget < 0;
  const fields = Object.values(type.getFields()).filter((candidate) => !isEnd || isLeafType(getNamedType(candidate.type)));
  const chosen = fields[draw(fields.length)];
  if (!chosen) return '__typename';
  const given = chosen.args.flatMap((argument) => argumentText(making, argument));
  // The same name twice must mean the same: what has arguments has a name of its own.
  const alias = given.length > 0 || draw(5) === 0 ? `a${making.aliases++}: ` : '';
  const inner = getNamedType(chosen.type as GraphQLOutputType);
  const set = isLeafType(inner) ? '' : ` ${selectionSet(making, inner, depth + 1)}`;
  return `${alias}${chosen.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${condition(making)}${set}`;
}

function condition(making: Making): string {
  const { draw } = making;
  if (draw(8) > 0) return '';
  const value = draw(3) === 0 ? String(draw(4) > 0) : `$${variable(making, 'Boolean!', draw(2) === 0 ? 'true' : undefined)}`;
  return ` @${draw(2) === 0 ? 'include' : 'skip'}(if: ${value})`;
}

function argumentText(making: Making, argument: GraphQLArgument): string[] {
  const { draw } = making;
  const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
  if (draw(4) > 0 && !isRequired) return [];
  if (draw(2) === 0) return [`${argument.name}: $${variable(making, String(argument.type), undefined, argument.type)}`];
  return [`${argument.name}: ${literal(making, argument.type, 2)}`];
}

/** A variable of a type, with its value: right most of the time, and else missing, null or wrong. */
function variable(making: Making, type: string, initial: string | undefined, input?: GraphQLInputType): string {
  const { draw, declared, values } = making;
  const declaration = initial === undefined ? type : `${draw(2) === 0 ? type : type.replace(/!$/, '')} = ${initial}`;
  const known = [...declared].find(([, other]) => other === declaration)?.[0];
  if (known !== undefined && draw(2) === 0) return known;
  const name = `v${declared.size}`;
  declared.set(name, declaration);
  const luck = draw(25);
  if (luck === 0) values[name] = null;
  else if (luck === 1) values[name] = { wrong: ['value'] };
  else if (luck > 2) values[name] = input ? given(making, input, 2) : draw(2) === 0;
  return name;
}

const TEXTS: Readonly<Record<string, readonly string[]>> = { Int: ['1', '-5'], Float: ['1.5'], Boolean: ['true', 'false'], Odd: ['7', '3'] };

/** A literal; in it a variable now and then. */
function literal(making: Making, type: GraphQLInputType, depth: number): string {
  const { draw } = making;
  if (draw(12) === 0) return `$${variable(making, String(type), undefined, type)}`;
  if (isNonNullType(type)) return literal(making, type.ofType, depth);
  if (isListType(type)) return `[${Array.from({ length: draw(3) }, () => literal(making, type.ofType, depth)).join(', ')}]`;
  if (isEnumType(type)) return (type.getValues()[draw(type.getValues().length)] as { name: string }).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((inner) => (depth > 0 || isLeafType(getNamedType(inner.type))) && draw(2) === 0);
    return `{${fields.map((inner) => `${inner.name}: ${literal(making, inner.type, depth - 1)}`).join(', ')}}`;
  }
  const texts = TEXTS[type.name] ?? ['"text"', '""'];
  return texts[draw(texts.length)] as string;
}

/** The value of a variable. */
function given(making: Making, type: GraphQLInputType, depth: number): unknown {
  const { draw } = making;
  if (isNonNullType(type)) return given(making, type.ofType, depth);
  if (isListType(type)) return Array.from({ length: draw(3) }, () => given(making, type.ofType, depth));
  if (isEnumType(type)) return draw(20) === 0 ? 'NO_SUCH' : (type.getValues()[draw(type.getValues().length)] as { name: string }).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((inner) => (depth > 0 || isLeafType(getNamedType(inner.type))) && draw(2) === 0);
    return Object.fromEntries(fields.map((inner) => [inner.name, given(making, inner.type, depth - 1)]));
  }
  return { Int: 4, Float: 2.5, Boolean: true, Odd: draw(8) === 0 ? 2 : 5 }[type.name] ?? 'text';
}
