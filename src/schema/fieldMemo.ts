/** What fields of an operation work out of its document, kept for all rows that have the field. */
import type { FieldNode, GraphQLResolveInfo } from 'graphql';

/** The memory of one operation. */
export class FieldMemo {
  private readonly known = new Map<readonly FieldNode[], { readonly variables: object; readonly of: Map<object, unknown> }>();

  /** What `make` gives, once for the nodes of a field. `owner` tells apart what is kept of one field. What is thrown is not kept. */
  once<T>({ fieldNodes, variableValues }: GraphQLResolveInfo, owner: object, make: () => T): T {
    let known = this.known.get(fieldNodes);
    // An executor may keep a document's nodes from one operation to the next.
    if (known?.variables !== variableValues) {
      known = { variables: variableValues, of: new Map() };
      this.known.set(fieldNodes, known);
    }
    if (!known.of.has(owner)) known.of.set(owner, make());
    return known.of.get(owner) as T;
  }
}
