/**
 * What a document exports: its one list, asked page by page by a document of the hub's own.
 *
 * The client's document says which list and which fields of its rows. Everything else in it is left out and not read: what
 * the list says of itself (its count, its totals), and what stands beside it. The page's document has the same arguments but
 * for `first` and `after`, which are the hub's, and asks for the id of every row in it, so that what is hidden of a row can be
 * told at the row.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { HubError } from '../../schema/errors.js';
import { type RowShape, rowShape } from './rowShape.js';

/** How a document is exported. */
export interface ExportPlan {
  /** The list's own name: "loans". */
  readonly list: string;
  /** The document of a page, and the document that counts the list; undefined where the list has no count. */
  readonly page: string;
  readonly count: string | undefined;
  /** The variables of a page, with the client's own. */
  variables(first: number, after: string | null): Record<string, unknown>;
  /** The names under which an answer has the list. */
  readonly path: readonly string[];
  /** What the rows are made of. */
  readonly shape: RowShape;
  /** The name under which a row has its id. */
  readonly idName: string;
  /** How many rows the client wants, and after which cursor; undefined for all, null for the start. */
  readonly first: number | undefined;
  readonly after: string | null;
}

/** A valid operation with its variables, as graphql-js has coerced them and as the client sent them. */
export interface ExportedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly coerced: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A field on the way to the list. */
interface Step {
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly field: GraphQLField<unknown, unknown>;
}

/** The arguments that say which page. */
const OF_A_PAGE: readonly string[] = ['first', 'after', 'last', 'before'];

/** The plan of an operation. Throws a HubError where it is none that can be exported: it says what was expected. */
export function planExport(exported: ExportedOperation): ExportPlan {
  const { schema, document, operation, coerced, variables } = exported;
  if (operation.operation !== 'query') throw refused(`Expected a query, but got: a ${operation.operation}.`);
  const fragments = fragmentsOf(document);
  const finder = new ListFinder(schema, fragments, coerced);
  const steps = finder.find(operation);
  const list = steps.at(-1) as Step;
  const nodes = finder.nodesOf(list);
  const type = getNamedType(list.field.type) as GraphQLObjectType;
  const given = pageArguments(list, coerced);
  if (given.last != null || given.before != null) throw refused(`${list.name}: expected first and after, but got last or before. An export goes forwards.`);
  if (given.after != null && given.first == null)
    throw refused(`${list.name}: expected first beside after, but got none. Say how many rows are wanted after the cursor.`);

  const text = print(document);
  const [idName, firstName, afterName] = ['rowId', 'pageFirst', 'pageAfter'].map((name) => unused(name, text)) as [string, string, string];
  const page = documentOf(exported, fragments, steps, {
    of: [argument('first', firstName), argument('after', afterName)],
    declared: `$${firstName}: Int, $${afterName}: String`,
    selects: { kind: Kind.SELECTION_SET, selections: [fieldNode('nodes', selectionsOf(nodes)), ...parsed('pageInfo { hasNextPage endCursor }')] },
  });
  const countable = type.getFields().totalCount !== undefined;
  return {
    list: list.field.name,
    page: print(withIds(schema, page, idName)),
    count: countable
      ? print(documentOf(exported, fragments, steps, { of: [], declared: '', selects: { kind: Kind.SELECTION_SET, selections: parsed('totalCount') } }))
      : undefined,
    variables: (first, after) => ({ ...variables, [firstName]: first, [afterName]: after }),
    path: steps.map(({ name }) => name),
    shape: rowShape(schema, fragments, coerced, nodes, type),
    idName,
    first: (given.first ?? undefined) as number | undefined,
    after: (given.after ?? null) as string | null,
  };
}

/** What the client says of the page; what is wrong elsewhere among the arguments the graph says when it is asked. */
function pageArguments({ field, nodes: [node] }: Step, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = (node?.arguments ?? []).filter(({ name }) => OF_A_PAGE.includes(name.value));
  return Object.fromEntries(
    given.map(({ name, value }) => [
      name.value,
      valueFromAST(value, (field.args.find((known) => known.name === name.value) as GraphQLArgument).type, variables),
    ]),
  );
}

/** Finds the one list of an operation. */
class ListFinder {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** The way to it, itself the last. */
  find(operation: OperationDefinitionNode): readonly Step[] {
    const query = this.schema.getQueryType() as GraphQLObjectType;
    const roots = collectFields(this.schema, this.fragments, this.variables, query, operation.selectionSet);
    for (const [name, [node]] of roots) if (node?.name.value === '__typename') roots.delete(name);
    if (roots.size !== 1) throw refused(`Expected one field of Query, but got: ${roots.size === 0 ? 'none' : [...roots.keys()].join(', ')}.`);
    const found = this.under(query, roots);
    if (found.length === 1) return found[0] as Step[];
    const names = found.map((steps) => steps.map(({ name }) => name).join('.'));
    throw refused(
      found.length === 0
        ? `${[...roots.keys()][0]}: expected a list with nodes and pageInfo, or one row with one such list in it, but got: none.`
        : `Expected one list, but got: ${names.join(', ')}. Export each by itself.`,
    );
  }

  /** The selected rows of a list. */
  nodesOf({ name, field, nodes }: Step): readonly FieldNode[] {
    const fields = collectSubfields(this.schema, this.fragments, this.variables, getNamedType(field.type) as GraphQLObjectType, nodes);
    const found = [...fields.values()].filter(([first]) => first?.name.value === 'nodes');
    if (found.length === 1) return found[0] as readonly FieldNode[];
    throw refused(`${name}: expected nodes { … } once, but got: ${found.length === 0 ? 'none' : `${found.length} times`}. The rows of nodes are exported.`);
  }

  private under(type: GraphQLObjectType, selected: ReadonlyMap<string, readonly FieldNode[]>): Step[][] {
    return [...selected].flatMap(([name, nodes]): Step[][] => {
      const field = type.getFields()[nodes[0]?.name.value ?? ''];
      if (!field || isListType(getNullableType(field.type))) return [];
      const inner = getNamedType(field.type);
      if (!isObjectType(inner)) return [];
      const step: Step = { name, nodes, field };
      if (isPagedList(field, inner)) return [[step]];
      return this.under(inner, collectSubfields(this.schema, this.fragments, this.variables, inner, nodes)).map((steps) => [step, ...steps]);
    });
  }
}

function isPagedList(field: GraphQLField<unknown, unknown>, type: GraphQLObjectType): boolean {
  const { nodes, pageInfo } = type.getFields();
  return nodes !== undefined && pageInfo !== undefined && ['first', 'after'].every((name) => field.args.some((given) => given.name === name));
}

/** What the hub asks of the list in the client's place. */
interface OwnAsk {
  readonly of: readonly ArgumentNode[];
  readonly declared: string;
  readonly selects: SelectionSetNode;
}

/** The document that asks this of the list, with what of the client's variables and fragments it still uses. */
function documentOf(
  { operation }: ExportedOperation,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  steps: readonly Step[],
  { of, declared, selects }: OwnAsk,
): DocumentNode {
  const selectionSet = steps.reduceRight<SelectionSetNode>((inner, { nodes: [node] }, index) => {
    const isList = index === steps.length - 1;
    const kept = (node?.arguments ?? []).filter(({ name }) => !isList || !OF_A_PAGE.includes(name.value));
    const made: FieldNode = { ...(node as FieldNode), arguments: isList ? [...kept, ...of] : kept, directives: [], selectionSet: inner };
    return { kind: Kind.SELECTION_SET, selections: [made] };
  }, selects);
  const used = new Set<string>();
  const reached = new Set<string>();
  const look = (set: SelectionSetNode): void =>
    void visit(set, {
      Variable: ({ name }) => void used.add(name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments[name.value];
        if (!fragment || reached.has(name.value)) return;
        reached.add(name.value);
        for (const directive of fragment.directives ?? [])
          for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) used.add(value.name.value);
        look(fragment.selectionSet);
      },
    });
  look(selectionSet);
  const own = declared === '' ? [] : ((parse(`query (${declared}) { x }`).definitions[0] as OperationDefinitionNode).variableDefinitions ?? []);
  const variableDefinitions = [...(operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)), ...own];
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, directives: [], variableDefinitions, selectionSet },
      ...[...reached].map((name) => fragments[name] as FragmentDefinitionNode),
    ],
  };
}

/** The document with the id of each row under the name. */
function withIds(schema: GraphQLSchema, document: DocumentNode, idName: string): DocumentNode {
  const types = new TypeInfo(schema);
  const [id] = parsed(`${idName}: id`) as [SelectionNode];
  return visit(
    document,
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave: (set) => {
          const type = types.getParentType();
          const isRow = type && (isObjectType(type) || isInterfaceType(type)) && [type, ...type.getInterfaces()].some(({ name }) => name === 'Node');
          return isRow ? { ...set, selections: [...set.selections, id] } : undefined;
        },
      },
    }),
  );
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  return Object.fromEntries(definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])));
}

function selectionsOf(nodes: readonly FieldNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: nodes.flatMap(({ selectionSet }) => [...(selectionSet?.selections ?? [])]) };
}

function fieldNode(name: string, selectionSet: SelectionSetNode): FieldNode {
  return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, selectionSet };
}

function argument(name: string, variable: string): ArgumentNode {
  return {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: name },
    value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
  };
}

function parsed(selections: string): readonly SelectionNode[] {
  return (parse(`{ ${selections} }`, { noLocation: true }).definitions[0] as OperationDefinitionNode).selectionSet.selections;
}

/** The name, or a longer one, that the text has nowhere. */
function unused(name: string, text: string): string {
  let free = name;
  while (text.includes(free)) free += '_';
  return free;
}

function refused(message: string): HubError {
  return new HubError('BAD_USER_INPUT', message);
}
