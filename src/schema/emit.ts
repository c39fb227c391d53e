/** schema.graphql: the schema as text, sorted, so that a change of code shows as a change of lines. */
import { lexicographicSortSchema, printSchema } from 'graphql';
import { hubSchema } from './build.js';

/** The text of schema.graphql. */
export async function emitSchema(): Promise<string> {
  return `${printSchema(lexicographicSortSchema(await hubSchema()))}\n`;
}
