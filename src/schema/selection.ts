/** What a document asks of a field, so that only that is read. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { EntityDefinition } from '../entities/definition.js';
import { needsOfField } from './fieldResolver.js';

/** The fields selected under one or more field nodes. */
export class Selection {
  private constructor(
    private readonly nodes: readonly FieldNode[],
    private readonly info: GraphQLResolveInfo,
  ) {}

  /** What is selected under the field that is being resolved. */
  static of(info: GraphQLResolveInfo): Selection {
    return new Selection(info.fieldNodes, info);
  }

  /** The selected fields by name, aliases of one field together; of a type, only those that can apply to it. */
  fields(type?: string): ReadonlyMap<string, Selection> {
    const found = new Map<string, FieldNode[]>();
    for (const node of this.nodes) if (node.selectionSet) this.gather(node.selectionSet, type, found, new Set());
    return new Map([...found].map(([name, nodes]) => [name, new Selection(nodes, this.info)]));
  }

  /** What is selected under any of these fields, one within the other. */
  under(...path: string[]): Selection {
    return path.reduce((selection: Selection, name) => selection.fields().get(name) ?? new Selection([], this.info), this);
  }

  /** Both selections as one. */
  with(other: Selection): Selection {
    return new Selection([...this.nodes, ...other.nodes], this.info);
  }

  private gather(set: SelectionSetNode, type: string | undefined, found: Map<string, FieldNode[]>, seen: Set<string>): void {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, this.info.variableValues)?.if === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, this.info.variableValues)?.if === false) continue;
      if (node.kind === 'Field') {
        const known = found.get(node.name.value);
        if (known) known.push(node);
        else found.set(node.name.value, [node]);
        continue;
      }
      if (node.kind === 'FragmentSpread' && seen.has(node.name.value)) continue;
      if (node.kind === 'FragmentSpread') seen.add(node.name.value);
      const fragment = node.kind === 'InlineFragment' ? node : (this.info.fragments[node.name.value] as FragmentDefinitionNode);
      const condition = fragment.typeCondition?.name.value;
      const isOther = type !== undefined && condition !== undefined && condition !== type && isObjectType(this.info.schema.getType(condition));
      if (!isOther) this.gather(fragment.selectionSet, type, found, seen);
    }
  }
}

/** Fields of every row that need no attribute. */
const OF_EVERY_ROW = new Set(['id', 'provenance', '__typename']);

/** The attributes of an entity that the selected fields need; all of them where a field's needs are not known. */
export function attributesFor(selection: Selection, definition: EntityDefinition): string[] {
  const needed = new Set<string>();
  for (const name of selection.fields(definition.name).keys()) {
    if (OF_EVERY_ROW.has(name)) continue;
    const needs = definition.attributes.has(name) ? [name] : needsOfField(definition.name, name);
    if (!needs) return [...definition.attributes.keys()];
    for (const attribute of needs) needed.add(attribute);
  }
  return [...needed].filter((name) => name !== 'source' && name !== 'key');
}
