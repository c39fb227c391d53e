/** The resolvers of every room: the one list. Links and connections are made from the entity files and need none. */
import type { ResolverClass } from '../schema/fieldResolver.js';
import { fundFields, investmentFields, investorFields } from './capital/capital.resolver.js';
import { bankFields, loanFields } from './lending/lending.resolver.js';
import { operationsFields } from './operations/operations.resolver.js';
import { financingFields } from './tenancy/financing.resolver.js';
import { parkFields } from './tenancy/park.resolver.js';
import { tenantFields } from './tenancy/tenant.resolver.js';
import { accessFields } from './views/access.resolver.js';
import { authorizationFields } from './views/authorizations.resolver.js';
import { discrepancyFields } from './views/discrepancies.resolver.js';
import { figuresFields } from './views/figures.resolver.js';
import { identityFields } from './views/identity.resolver.js';
import { nodeFields } from './views/node.resolver.js';
import { portfolioFields } from './views/portfolio.resolver.js';
import { readFields } from './views/reads.resolver.js';
import { sourcesFields } from './views/sources.resolver.js';

/** All resolver classes of the rooms. */
export function resolvers(): ResolverClass[] {
  const rooms = [
    nodeFields,
    parkFields,
    tenantFields,
    financingFields,
    investorFields,
    fundFields,
    investmentFields,
    bankFields,
    loanFields,
    operationsFields,
    figuresFields,
    portfolioFields,
    discrepancyFields,
    sourcesFields,
    identityFields,
    authorizationFields,
    readFields,
    accessFields,
  ];
  return rooms.flatMap((room) => room());
}
