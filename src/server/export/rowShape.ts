/** What the rows of an export are made of, as the document says it: known before any row comes, and the same for all of them. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  GraphQLString,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { HubError } from '../../schema/errors.js';

/** The fields of an object by the names under which the answer has them. */
export type RowShape = ReadonlyMap<string, ShapedField>;

/** A field of an exported row. */
export interface ShapedField {
  /** Its names in the schema: fragments on several types may put several under one name. */
  readonly names: ReadonlySet<string>;
  /** The name of its type: "Money". */
  readonly type: string;
  readonly isList: boolean;
  /** The fields of what it leads to; undefined for a value. */
  readonly inner: RowShape | undefined;
}

/** A column of a table. */
export interface Column {
  /** The names on the way to it, with dots between them. */
  readonly name: string;
  readonly path: readonly string[];
  /** The name of the type of its values. */
  readonly type: string;
}

/** What a row has beside its fields, in either format: what of it is hidden. */
export const EXTENSIONS = 'extensions';

/** The shape of the rows that these nodes select. Throws a HubError where a field is called as what the export itself adds. */
export function rowShape(
  schema: GraphQLSchema,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  variables: Readonly<Record<string, unknown>>,
  nodes: readonly FieldNode[],
  connection: GraphQLObjectType,
): RowShape {
  const type = getNamedType(connection.getFields().nodes?.type as GraphQLOutputType);
  const shape = new ShapeReader(schema, fragments, variables).read(nodes.map(({ selectionSet }) => ({ type, set: selectionSet as SelectionSetNode })));
  if (!shape.has(EXTENSIONS)) return shape;
  throw new HubError('BAD_USER_INPUT', `Expected fields of the rows under other names, but got: ${EXTENSIONS}. There stands what is hidden of a row.`);
}

/** The columns of rows of a shape. Throws a HubError where a row has a list of rows in it: a table has one value in a cell. */
export function columnsOf(shape: RowShape, before: readonly string[] = []): Column[] {
  return [...shape].flatMap(([name, { type, isList, inner }]): Column[] => {
    const path = [...before, name];
    if (!inner) return [{ name: path.join('.'), path, type: isList ? 'list' : type }];
    if (!isList) return columnsOf(inner, path);
    throw new HubError(
      'BAD_USER_INPUT',
      `${path.join('.')}: expected one value for a cell of CSV, but got: a list of rows. Export that list by itself, or ask for application/x-ndjson.`,
    );
  });
}

interface TypedSet {
  readonly type: GraphQLNamedType;
  readonly set: SelectionSetNode;
}

class ShapeReader {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  read(sets: readonly TypedSet[]): RowShape {
    const found = new Map<string, { type: GraphQLNamedType; node: FieldNode }[]>();
    for (const { type, set } of sets) this.gather(set, type, found, new Set());
    return new Map([...found].map(([name, fields]) => [name, this.field(fields)]));
  }

  private field(fields: readonly { type: GraphQLNamedType; node: FieldNode }[]): ShapedField {
    const types = fields.map(({ type, node }) => outputType(type, node.name.value));
    const first = types[0] as GraphQLOutputType;
    const sets = fields.flatMap(({ node }, index) =>
      node.selectionSet ? [{ type: getNamedType(types[index] as GraphQLOutputType), set: node.selectionSet }] : [],
    );
    return {
      names: new Set(fields.map(({ node }) => node.name.value)),
      type: getNamedType(first).name,
      isList: isListType(getNullableType(first)),
      inner: isCompositeType(getNamedType(first)) ? this.read(sets) : undefined,
    };
  }

  private gather(set: SelectionSetNode, type: GraphQLNamedType, found: Map<string, { type: GraphQLNamedType; node: FieldNode }[]>, seen: Set<string>): void {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.if === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.if === false) continue;
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const known = found.get(name);
        if (known) known.push({ type, node });
        else found.set(name, [{ type, node }]);
        continue;
      }
      const spread = node.kind === Kind.FRAGMENT_SPREAD ? `${type.name} ${node.name.value}` : undefined;
      if (spread !== undefined && seen.has(spread)) continue;
      if (spread !== undefined) seen.add(spread);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragments[node.name.value];
      if (!fragment) continue;
      const condition = fragment.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
      this.gather(fragment.selectionSet, condition ?? type, found, seen);
    }
  }
}

function outputType(type: GraphQLNamedType, field: string): GraphQLOutputType {
  const known = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
  // `__typename` is a field of every type, and in no list of them.
  return known?.type ?? GraphQLString;
}
