/**
 * The shape of a document: what can be counted of it without a schema, before anything is checked or resolved.
 *
 * A fragment is measured once, however often it is spread, and counts as often as it is spread: the work is that of the
 * document's own length, even where the document would unfold to millions of fields.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  type SelectionSetNode,
  Source,
  type Token,
  TokenKind,
} from 'graphql';
import { aboveLimit, type Limits } from './limits.js';

/** What is counted of a document: of its operations, the greatest figure of any. */
export interface DocumentShape {
  /** Fields within fields. */
  readonly depth: number;
  /** Fields, those of a fragment as often as it is spread. */
  readonly fields: number;
  /** Fields under another name than their own, likewise. */
  readonly aliases: number;
  /** Directives at one place, at most. */
  readonly directives: number;
  /** Fields of one response name in one selection, at most. */
  readonly repeats: number;
  /** Fields of the operation itself. */
  readonly rootFields: number;
  /** It asks about the schema: `__schema` or `__type`. */
  readonly introspects: boolean;
}

/** The shape of a document, valid or not. */
export function shapeOf(document: DocumentNode): DocumentShape {
  const reader = new ShapeReader(document);
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => reader.operation(operation))
    .reduce(greatest, EMPTY);
}

/** Throws a HubError that names the first limit that the shape is above. */
export function checkShape(shape: DocumentShape, limits: Limits): void {
  for (const limit of ['directives', 'repeats', 'aliases', 'rootFields', 'depth', 'fields'] as const)
    if (shape[limit] > limits[limit]) throw aboveLimit(limit, shape[limit], limits[limit]);
}

/**
 * The words and signs of a text, as the bound of tokens counts them; where something in it is neither, those before it. For the
 * refusal of a text that is above the bound: it is read to its end, which of the longest that a request may hold takes some 50 ms.
 */
export function tokensOf(text: string): number {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  try {
    while (lexer.advance().kind !== TokenKind.EOF) {
      count++;
      // The lexer chains every token to the next: a million of them would be kept to be counted.
      (lexer.lastToken as { next: Token | null }).next = null;
      (lexer.token as { prev: Token | null }).prev = null;
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
  return count;
}

const EMPTY: DocumentShape = { depth: 0, fields: 0, aliases: 0, directives: 0, repeats: 0, rootFields: 0, introspects: false };

/** A figure that can only be a refusal: adding goes on exactly below it, and stops there. */
const MOST = 1_000_000_000;

class ShapeReader {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Undefined while a fragment is being measured: one that spreads itself is refused by validation, and counts nothing here. */
  private readonly measured = new Map<string, DocumentShape | undefined>();

  constructor(document: DocumentNode) {
    this.fragments = new Map(
      document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
    );
  }

  operation({ selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): DocumentShape {
    const shape = this.selections(selectionSet);
    const own = Math.max(directives.length, ...variableDefinitions.map((variable) => variable.directives?.length ?? 0));
    return { ...shape, directives: Math.max(shape.directives, own) };
  }

  private selections(set: SelectionSetNode): DocumentShape {
    const names = new Map<string, number>();
    let shape = EMPTY;
    for (const node of set.selections) {
      const directives = node.directives?.length ?? 0;
      if (node.kind !== Kind.FIELD) {
        const inner = node.kind === Kind.INLINE_FRAGMENT ? this.selections(node.selectionSet) : this.fragment(node.name.value);
        shape = beside(shape, { ...inner, directives: Math.max(inner.directives, directives) });
        continue;
      }
      const name = node.alias?.value ?? node.name.value;
      const repeats = (names.get(name) ?? 0) + 1;
      names.set(name, repeats);
      const inner = node.selectionSet ? this.selections(node.selectionSet) : EMPTY;
      shape = beside(shape, {
        depth: inner.depth + 1,
        fields: inner.fields + 1,
        aliases: inner.aliases + (node.alias && node.alias.value !== node.name.value ? 1 : 0),
        directives: Math.max(inner.directives, directives),
        repeats: Math.max(inner.repeats, repeats),
        rootFields: 1,
        introspects: inner.introspects || node.name.value === '__schema' || node.name.value === '__type',
      });
    }
    return shape;
  }

  private fragment(name: string): DocumentShape {
    if (this.measured.has(name)) return this.measured.get(name) ?? EMPTY;
    this.measured.set(name, undefined);
    const fragment = this.fragments.get(name);
    const inner = fragment ? this.selections(fragment.selectionSet) : EMPTY;
    const shape = { ...inner, directives: Math.max(inner.directives, fragment?.directives?.length ?? 0) };
    this.measured.set(name, shape);
    return shape;
  }
}

/** Two selections of one level. */
function beside(a: DocumentShape, b: DocumentShape): DocumentShape {
  return {
    ...greatest(a, b),
    fields: Math.min(a.fields + b.fields, MOST),
    aliases: Math.min(a.aliases + b.aliases, MOST),
    rootFields: Math.min(a.rootFields + b.rootFields, MOST),
  };
}

function greatest(a: DocumentShape, b: DocumentShape): DocumentShape {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: Math.max(a.fields, b.fields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
    repeats: Math.max(a.repeats, b.repeats),
    rootFields: Math.max(a.rootFields, b.rootFields),
    introspects: a.introspects || b.introspects,
  };
}
