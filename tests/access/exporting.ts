/** Exports without a server: what would leave for a document, as one text. */
import { ApolloServer } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import { HubError } from '../../src/schema/errors.js';
import { DEFAULT_LIMITS } from '../../src/schema/limits.js';
import { ExportError, exportPages } from '../../src/server/export/exportPages.js';
import { planExport } from '../../src/server/export/exportPlan.js';
import { exportFormats, exportText, notesOf } from '../../src/server/export/exportText.js';

/** The forms in which rows leave. */
export type Form = 'csv' | 'jsonl';

/** Gives what leaves for a document, its notes before it; of one that is refused why. */
export type Exporter = (document: DocumentNode, form: Form, context: () => object) => Promise<string>;

/** Pages are of a few rows, or of one where it has others in it. */
const limits = { ...DEFAULT_LIMITS, nodes: 6 };

/** An exporter over a schema. */
export async function exporterOf(schema: GraphQLSchema): Promise<Exporter> {
  const apollo = new ApolloServer<object>({ schema, nodeEnv: 'production', stopOnTerminationSignals: false, includeStacktraceInErrorResponses: false });
  await apollo.start();
  return async (document, form, context) => {
    try {
      const operation = getOperationAST(document);
      if (!operation) throw new Error('Expected a document of one operation.');
      const plan = planExport({ schema, document, operation, coerced: {}, variables: {} });
      const writer = exportFormats.find(({ fileEnding }) => fileEnding === form)?.writer(plan);
      if (!writer) throw new Error(`Expected a form, but got: ${form}.`);
      const pages = exportPages({ apollo, schema, limits, plan, context: async () => context(), turn: async () => undefined });
      const first = await pages.next();
      if (first.done) throw new Error('Expected a page.');
      let text = `${notesOf(first.value) ?? ''}\n`;
      for await (const part of exportText(writer, first.value, pages)) text += part;
      return text;
    } catch (error) {
      if (error instanceof ExportError) return JSON.stringify({ status: error.status, errors: error.errors });
      if (error instanceof HubError) return JSON.stringify({ errors: [error.message] });
      throw error;
    }
  };
}

/** The rows of what left as JSON Lines. */
// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
export function rowsOf(text: string): any[] {
  const lines = text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line)).filter((line) => !(Object.keys(line).length === 1 && 'extensions' in line));
}
