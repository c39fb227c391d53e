/** The first query that a new user is shown by `parkhub serve`. */
import fs from 'node:fs';
import path from 'node:path';
import { projectFolder } from './project.js';

/** For any park: its tenants with what investors and banks gave them, and how each source answered. */
export const anyParksQuery = `{
  tenants(first: 3) {
    nodes {
      name
      investments { totals { count sum { amount } } sources { sourceId state } }
      loans { totals { count sum { amount } } sources { sourceId state } }
    }
  }
}`;

/** For the demonstration: the README's own query over its made-up rows, for which the README prints the answer. */
export const firstQuery = fs.readFileSync(path.join(projectFolder(), 'docs/first-query.graphql'), 'utf8').trim();
