/**
 * What executing an operation takes, worked out once: which response fields each object has, where their values come from,
 * and how these become JSON.
 *
 * A plan holds for one operation and one answer to its `@skip` and `@include`: the fields are then those that graphql-js
 * would collect for each object anew, and are collected by graphql-js's own functions. The fields under a field are
 * collected for a type when its first object comes, so a plan is never larger than what was answered with it.
 */
import {
  defaultTypeResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLBoolean,
  type GraphQLField,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';

/** Coerced variables. */
export type Variables = Readonly<Record<string, unknown>>;

/** How a value of a type becomes what stands in the answer. */
export type Completion = { readonly nonNull: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType /** Values of this `typeof` stand as they are. */; readonly asIs: string | undefined }
  | { readonly kind: 'list'; readonly item: Completion }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
  | {
      readonly kind: 'abstract';
      readonly type: Extract<GraphQLOutputType, { resolveType?: unknown }>;
      readonly resolveType: NonNullable<typeof defaultTypeResolver>;
    }
);

/** A response field of an object. */
export class FieldPlan {
  /** Its name in the answer. */
  readonly key: string;
  readonly name: string;
  /** Undefined: the property of its name. */
  readonly resolve: GraphQLField<unknown, unknown>['resolve'];
  readonly completion: Completion;
  /** Its value is read off its object, and stands in the answer as one JSON value: nothing else is to be known of its place. */
  readonly isProperty: boolean;
  /** `info` is looked at, by its resolver or by what tells the type of its values. */
  readonly needsInfo: boolean;
  /** `__typename` of an object. */
  readonly isTypeName: boolean;
  readonly hasArguments: boolean;
  private readonly objects = new Map<GraphQLObjectType, ObjectPlan>();

  constructor(
    private readonly plan: OperationPlan,
    readonly index: number,
    readonly parent: GraphQLObjectType,
    readonly definition: GraphQLField<unknown, unknown>,
    readonly nodes: readonly FieldNode[],
  ) {
    const [node] = nodes as readonly [FieldNode];
    this.key = node.alias?.value ?? node.name.value;
    this.name = definition.name;
    this.resolve = definition.resolve;
    this.completion = completionOf(definition.type);
    this.hasArguments = definition.args.length > 0;
    this.isTypeName = definition === TypeNameMetaFieldDef;
    this.needsInfo = this.resolve !== undefined || tellsTypes(this.completion);
    this.isProperty = !this.resolve && !this.hasArguments && this.completion.kind === 'leaf';
  }

  /** The fields under it of an object of a type. Throws what graphql-js throws where a directive's argument is wrong. */
  objectOf(type: GraphQLObjectType, variables: Variables): ObjectPlan {
    let found = this.objects.get(type);
    if (!found) {
      const { schema, fragments } = this.plan;
      found = this.plan.object(type, collectSubfields(schema, fragments as never, variables as never, type, this.nodes));
      this.objects.set(type, found);
    }
    return found;
  }
}

/** An object of an answer. */
export type Data = Record<string, unknown>;

/** Nothing is inherited from it: an answer may have any name. */
const nothing = Object.create(null);

/** The response fields of an object, in their order. */
export class ObjectPlan {
  /**
   * Makes an empty object of the answer. One constructor for each plan: its objects then have one shape, and room for their
   * fields from the beginning. `Object.create(null)` gives objects that are hash tables: twice the time to fill, and to write as JSON.
   */
  readonly Result: new () => Data;

  constructor(
    readonly type: GraphQLObjectType,
    readonly fields: readonly FieldPlan[],
  ) {
    const Result = function Result() {} as unknown as new () => Data;
    Result.prototype = nothing;
    this.Result = Result;
  }
}

/** The plan of an operation. */
export class OperationPlan {
  /** Fields that it has so far. */
  size = 0;
  private rootObject?: ObjectPlan;

  constructor(
    readonly schema: GraphQLSchema,
    readonly operation: OperationDefinitionNode,
    readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    readonly rootType: GraphQLObjectType,
  ) {}

  /** The operation's own fields. Throws what graphql-js throws where a directive's argument is wrong. */
  root(variables: Variables): ObjectPlan {
    const { schema, fragments, rootType, operation } = this;
    this.rootObject ??= this.object(rootType, collectFields(schema, fragments as never, variables as never, rootType, operation.selectionSet));
    return this.rootObject;
  }

  object(type: GraphQLObjectType, collected: ReadonlyMap<string, readonly FieldNode[]>): ObjectPlan {
    const fields: FieldPlan[] = [];
    for (const nodes of collected.values()) {
      const definition = getFieldDef(this.schema, type, nodes[0] as FieldNode);
      // What is not in the schema is left out, as graphql-js does with a document that nobody has checked.
      if (definition) fields.push(new FieldPlan(this, this.size++, type, definition, nodes));
    }
    return new ObjectPlan(type, fields);
  }
}

/** The names of the variables that an operation's `@skip` and `@include` rest on, fragments included. */
export function conditionVariables(operation: OperationDefinitionNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>): string[] {
  const names = new Set<string>();
  const sets = [operation.selectionSet, ...Object.values(fragments).map((fragment) => fragment.selectionSet)];
  for (let set = sets.pop(); set; set = sets.pop()) {
    for (const node of set.selections) {
      for (const directive of node.directives ?? [])
        for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      if (node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet) sets.push(node.selectionSet);
    }
  }
  return [...names];
}

/** Values that a built-in scalar writes as they are; whatever else comes, it looks at. */
const asIs: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [GraphQLString, 'string'],
  [GraphQLID, 'string'],
  [GraphQLBoolean, 'boolean'],
]);

function tellsTypes(completion: Completion): boolean {
  if (completion.kind === 'list') return tellsTypes(completion.item);
  return completion.kind === 'abstract' || (completion.kind === 'object' && completion.type.isTypeOf !== undefined);
}

function completionOf(type: GraphQLOutputType, nonNull = false): Completion {
  if (isNonNullType(type)) return completionOf(type.ofType as GraphQLOutputType, true);
  if (isListType(type)) return { nonNull, kind: 'list', item: completionOf(type.ofType as GraphQLOutputType) };
  if (isLeafType(type)) return { nonNull, kind: 'leaf', type, asIs: asIs.get(type) };
  if (isObjectType(type)) return { nonNull, kind: 'object', type };
  if (isAbstractType(type)) return { nonNull, kind: 'abstract', type, resolveType: type.resolveType ?? defaultTypeResolver };
  throw new Error(`Cannot complete value of unexpected output type: ${String(type)}.`);
}
