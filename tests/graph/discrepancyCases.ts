/** Discrepancies as tests write them down. */
import type { TestHub } from '../helpers/hub.js';

/** A discrepancy in short. */
export interface Shown {
  /** Fact and subject. */
  readonly what: string;
  readonly difference: string | null;
  readonly relative: string | null;
  /** Source, entity, day and value of each statement. */
  readonly statements: readonly string[];
}

interface Node {
  readonly fact: string;
  readonly subject: string | null;
  readonly difference: { readonly text: string } | null;
  readonly relativeDifference: string | null;
  readonly statements: readonly { entity: string; date: string | null; value: { text: string }; provenance: { sourceId: string } }[];
}

/** What is selected of a discrepancy, and how it is written down. */
export const shown = {
  selection: 'fact subject difference { text } relativeDifference statements { entity date value { text } provenance { sourceId } }',
  of: ({ fact, subject, difference, relativeDifference, statements }: Node): Shown => ({
    what: `${fact} ${subject ?? '-'}`,
    difference: difference?.text ?? null,
    relative: relativeDifference,
    statements: statements.map(({ entity, date, value, provenance }) => `${provenance.sourceId} ${entity} ${date ?? '-'}: ${value.text}`),
  }),
};

/** Every discrepancy of a park, with the USCC of its company. */
export async function wholePark(hub: TestHub, given = ''): Promise<(Shown & { readonly uscc: string })[]> {
  const { discrepancies } = await hub.ask(
    `{ discrepancies(first: 1000${given && `, ${given}`}) { nodes { tenantUscc ${shown.selection} } pageInfo { hasNextPage } } }`,
  );
  if (discrepancies.pageInfo.hasNextPage) throw new Error('There are more than the test reads.');
  return discrepancies.nodes.map((node: Node & { tenantUscc: string }) => ({ uscc: node.tenantUscc, ...shown.of(node) }));
}
