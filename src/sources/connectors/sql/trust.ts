/** How far a database can be trusted with an ask: what its columns' own forms allow. */
import type { Condition, RowsAsk } from '../../source.js';
import type { Binding, Parameter } from './binding.js';

/** Whether the database can be trusted with an ask that touches these attributes. */
export function isTrusted(irregular: ReadonlySet<string>, touched: ReadonlySet<string>): boolean {
  for (const attribute of touched) if (irregular.has(attribute)) return false;
  return true;
}

/** Whether the partner's own form of all these attributes has the order (and the letters) of our values. */
export function keepsOrder(binding: Binding, attributes: readonly string[]): boolean {
  return attributes.every((name) => {
    const column = binding.column(name);
    return column.constant !== undefined || column.monotone;
  });
}

/** Whether each key is one raw value, so that the database can order and count the rows of each. */
export function keepsKeysTogether(binding: Binding, { keys }: RowsAsk): boolean {
  if (!keys) return true;
  const column = binding.column(keys.attribute);
  return column.constant !== undefined || keys.values.every((value) => !isSeveral(column.encode(value)));
}

function isSeveral(encoded: Parameter | Parameter[]): boolean {
  return Array.isArray(encoded) && encoded.length > 1;
}

/** Whether the database can add up all these attributes. */
export function addsUp(binding: Binding, attributes: readonly string[]): boolean {
  return attributes.every((name) => {
    const column = binding.column(name);
    return column.constant !== undefined || column.numeric;
  });
}

/** Attributes of which a condition asks more than equality. */
export function orderedIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(orderedIn);
  if ('any' in condition) return condition.any.flatMap(orderedIn);
  if ('not' in condition) return orderedIn(condition.not);
  return condition.is === 'eq' || condition.is === 'in' || condition.is === 'isNull' ? [] : [condition.attribute];
}

/** Attributes that a condition touches. */
export function attributesIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(attributesIn);
  if ('any' in condition) return condition.any.flatMap(attributesIn);
  if ('not' in condition) return attributesIn(condition.not);
  return [condition.attribute];
}
