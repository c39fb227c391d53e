/** A small made-up park whose sources live in memory, asked through the real schema by any viewer. */
import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Consents } from '../../src/access/consents.js';
import type { Viewer } from '../../src/access/viewer.js';
import { type Attribute, allDefinitions, type EntityDefinition } from '../../src/entities/definition.js';
import '../../src/entities/index.js';
import type { Value } from '../../src/entities/kinds.js';
import { Scope } from '../../src/entities/scope.js';
import { type ExecutionRequest, Executor } from '../../src/execution/executor.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { hubSchema } from '../../src/schema/build.js';
import { Books, HubContext } from '../../src/schema/context.js';
import type { Explanation } from '../../src/schema/explanation.js';
import { SourceRegistry } from '../../src/sources/registry.js';
import type { Row } from '../../src/sources/source.js';
import { declare, MemorySource } from '../sources/memorySource.js';
import { type Exporter, exporterOf, type Form } from './exporting.js';
import { type ModelConsent, type ModelViewer, type ModelWorld, shownOf } from './referenceModel.js';

/** Gives a whole number from 0 to below the bound. */
export type Draw = (below: number) => number;

export const INVESTORS = ['alpha', 'beta'];
export const BANKS = ['one', 'two'];

const OF_INVESTORS = ['Fund', 'Investment', 'CashFlow', 'Valuation', 'PortfolioReport'];
const OF_BANKS = ['LoanProduct', 'Loan', 'BorrowerProfile', 'PatentPledge'];
const ENTITIES = allDefinitions().filter(({ name }) => name !== 'Park');

/** The sources that hold an entity in the made-up park. */
export function sourcesHolding(entity: string): readonly string[] {
  if (OF_INVESTORS.includes(entity)) return INVESTORS;
  return OF_BANKS.includes(entity) ? BANKS : ['park'];
}

/** A generator of numbers, the same for the same seed. */
export function drawer(seed: number): Draw {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const TENANTS = [0, 1, 2, 3].map((index) => {
  const seventeen = `91410771T0000000${index}`;
  return seventeen + usccCheckCharacter(seventeen);
});
const STRANGER = '91410771T00000009'.concat(usccCheckCharacter('91410771T00000009'));

/** A world of random rows and random authorizations. */
export function makeWorld(draw: Draw): ModelWorld {
  const rows: Row[] = [];
  // Targets of links first: a row names one that is there, more often than not.
  const order = ['Tenant', 'Bank', 'Investor', 'Carrier', 'Fund', 'LoanProduct', 'Investment', 'Loan', 'Unit', 'Patent', 'Shelter'];
  const rank = (definition: EntityDefinition): number => (order.includes(definition.name) ? order.indexOf(definition.name) : order.length);
  for (const definition of [...ENTITIES].sort((a, b) => rank(a) - rank(b))) {
    for (const source of sourcesHolding(definition.name)) {
      const keys = keysOf(definition.name, draw);
      for (const key of keys) rows.push(makeRow(definition, source, key, rows, draw));
    }
  }
  rows.push(makeRow(allDefinitions().find(({ name }) => name === 'Park') as EntityDefinition, 'park', 'park', rows, draw));
  const consents: ModelConsent[] = [];
  for (const tenant of TENANTS) {
    for (const grantee of [...INVESTORS, ...BANKS, 'park']) for (const scope of Scope.values) if (draw(5) === 0) consents.push({ tenant, grantee, scope });
  }
  return { rows, consents };
}

function keysOf(entity: string, draw: Draw): string[] {
  if (entity === 'Tenant') return TENANTS;
  if (entity === 'Bank') return BANKS;
  if (entity === 'Investor') return INVESTORS;
  return Array.from({ length: 1 + draw(5) }, (_, index) => `${entity.slice(0, 2)}${index}`);
}

/** A random row; its links name rows that are there, mostly. */
export function makeRow(definition: EntityDefinition, source: string, key: string, others: readonly Row[], draw: Draw): Row {
  const row: Record<string, Value> = { entity: definition.name, source, key, asOf: '2022-01-01T00:00:00.000Z', how: 'LIVE' };
  for (const attribute of definition.attributes.values())
    row[attribute.name] = attribute.name === definition.key ? key : anyValue(definition, attribute, source, others, draw);
  return row as Row;
}

/** A random value of an attribute. Small amounts are shared by rows, large ones are no other's. */
export function anyValue(definition: EntityDefinition, attribute: Attribute, source: string, others: readonly Row[], draw: Draw): Value {
  if (attribute.nullable && draw(5) === 0) return null;
  const link = definition.links.find(({ from }) => from === attribute.name);
  if (link) {
    const targets = others.filter((other) => other.entity === link.target().name && (!link.withinSource || other.source === source));
    const named = targets[draw(Math.max(1, targets.length))];
    if (named && draw(8) > 0) return (link.to === 'key' ? named.key : named[link.to]) as Value;
    return attribute.kind === 'uscc' ? STRANGER : 'nowhere';
  }
  switch (attribute.kind) {
    case 'uscc':
      return TENANTS[draw(TENANTS.length)] as string;
    case 'money':
      return draw(2) === 0 ? BigInt(1 + draw(3)) * 100n : BigInt(1_000_000 + draw(1_000_000_000));
    case 'decimal':
      return draw(2) === 0 ? BigInt(1 + draw(3)) * 100_000n : BigInt(draw(1_000_000_000));
    case 'integer':
      return draw(2) === 0 ? 2020 + draw(3) : draw(1_000_000);
    case 'date':
      return `202${draw(3)}-0${1 + draw(9)}-15`;
    case 'dateTime':
      return `202${draw(3)}-0${1 + draw(9)}-15T00:00:00.000Z`;
    case 'boolean':
      return draw(2) === 0;
    case 'enum':
      return attribute.enum?.values[draw(attribute.enum.values.length)] as string;
    default:
      return draw(2) === 0 ? `text ${draw(3)}` : `text ${draw(1_000_000_000)}`;
  }
}

/** A viewer of any kind. */
export function anyViewer(draw: Draw, world: ModelWorld): ModelViewer {
  switch (draw(9)) {
    case 0:
      return { kind: 'PUBLIC' };
    case 1:
    case 2:
      return { kind: 'TENANT', uscc: [...TENANTS, STRANGER][draw(5)] as string };
    case 3:
    case 4: {
      const source = INVESTORS[draw(2)] as string;
      const funds = world.rows.filter((row) => row.entity === 'Fund' && row.source === source).map(({ key }) => key);
      return { kind: 'INVESTOR', source, funds: draw(2) === 0 ? 'all' : funds.filter(() => draw(2) === 0) };
    }
    case 5:
    case 6:
      return { kind: 'BANK', source: BANKS[draw(2)] as string };
    case 7:
      return { kind: 'PARK', role: (['ANALYST', 'OPERATOR', 'ADMIN'] as const)[draw(3)] as 'ANALYST' };
    default:
      return { kind: 'SERVICE', source: [...INVESTORS, ...BANKS][draw(4)] as string };
  }
}

/** What a viewer sees of a row: the names of its attributes; undefined where the row is not there. */
export function seenOf(viewer: ModelViewer, row: Row, world: ModelWorld): ReadonlySet<string> | undefined {
  return shownOf(viewer, row, world, [...attributesOf(row.entity).keys()]);
}

export function attributesOf(entity: string): ReadonlyMap<string, Attribute> {
  return (allDefinitions().find(({ name }) => name === entity) as EntityDefinition).attributes;
}

/** What the rules ask of a row to say who sees it: a change of these is a change of who sees what. */
const DECIDING = ['tenantUscc', 'fundCode', 'investmentNumber', 'uscc', 'status'];

/**
 * The same world for the viewer, and another where it does not look: hidden values are others, rows that it does not see are
 * others, more or none.
 */
export function elsewhere(viewer: ModelViewer, world: ModelWorld, draw: Draw): ModelWorld {
  const rows: Row[] = [];
  for (const row of world.rows) {
    const definition = allDefinitions().find(({ name }) => name === row.entity) as EntityDefinition;
    const seen = seenOf(viewer, row, world);
    const decides = (name: string): boolean =>
      DECIDING.includes(name) && row.entity !== 'Bank' && row.entity !== 'Investor' && !(name === 'status' && row.entity !== 'Patent');
    const changed: Record<string, Value> = { ...row };
    for (const attribute of definition.attributes.values()) {
      if (seen?.has(attribute.name) || attribute.name === definition.key || (decides(attribute.name) && (seen || row.entity === 'Investment'))) continue;
      if (draw(3) > 0) changed[attribute.name] = anyValue(definition, attribute, row.source, world.rows, draw);
    }
    const isChangeSeen = !seen && seenOf(viewer, changed as Row, world) !== undefined;
    const kept = isChangeSeen ? row : (changed as Row);
    // A holding decides what of the rest is seen, whether it is seen itself or not.
    if (!seen && row.entity !== 'Investment' && draw(4) === 0) continue;
    rows.push(kept);
    if (seen || row.entity === 'Investment' || draw(4) > 0) continue;
    const more = { ...kept, key: `${row.key}-more`, ...(definition.key ? { [definition.key]: `${row.key}-more` } : {}) } as Row;
    if (seenOf(viewer, more, world) === undefined) rows.push(more);
  }
  return { rows, consents: world.consents };
}

/** How a world is asked otherwise. */
export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What executes, in place of the hub's executor. */
  readonly execute?: (request: ExecutionRequest) => ExecutionResult | Promise<ExecutionResult>;
}

/** A hub over a world. */
export interface WorldHub {
  /**
   * Answers a document as the viewer; also all that stands beside the answer: what is hidden, what became of the sources, and
   * what each was asked. It is not validated: what no client could ask must not leak either.
   */
  ask(
    viewer: ModelViewer | 'SYSTEM',
    document: DocumentNode,
    options?: AskOptions,
  ): Promise<ExecutionResult & { hidden: unknown; sources?: unknown; explain?: unknown }>;
  /** What leaves for a document as a file. */
  export(viewer: ModelViewer, document: DocumentNode, form: Form): Promise<string>;
}

/** The way of an operation but for its times, in one order: asks of one moment are answered in any. */
function withoutTimes({ asks, crossings }: Explanation): object {
  const texts = (items: readonly object[]) => items.map((item) => JSON.stringify({ ...item, startedAt: 0, milliseconds: 0 })).sort();
  return { asks: texts(asks), crossings: texts(crossings) };
}

/** One for all worlds: they have one schema. */
let exporter: Promise<Exporter> | undefined;

/** Opens a hub over a world. */
export async function openWorld(world: ModelWorld): Promise<WorldHub> {
  const schema = await hubSchema();
  const ids = ['park', ...INVESTORS, ...BANKS];
  const sources = ids.map((id) => {
    const entities = new Set(allDefinitions().flatMap(({ name }) => (sourcesHolding(name).includes(id) ? [name] : [])));
    return declare(
      new MemorySource(
        id,
        world.rows.filter((row) => row.source === id),
        entities,
      ),
    );
  });
  const clock = () => new Date('2022-06-30T00:00:00.000Z');
  const registry = new SourceRegistry(sources, clock);
  const none = async (): Promise<never> => Promise.reject(new Error('not in this world'));
  const consents: Consents = {
    authorised: async (grantee, scope) =>
      new Set(world.consents.filter((given) => given.grantee === grantee && given.scope === scope).map(({ tenant }) => tenant)),
  };
  const services = {
    books: new Books(registry, () => undefined),
    clock,
    consents,
    identity: { open: none, decisions: none, decide: none, withdraw: none },
    sourceStatuses: none,
    sourcesOf: () => 1,
    syncRuns: none,
    authorizations: undefined as never,
    readTrace: undefined as never,
  };
  const contextOf = (viewer: ModelViewer | 'SYSTEM'): HubContext => {
    const asked = (viewer === 'SYSTEM' ? { kind: 'SYSTEM', name: 'test', via: 'test' } : { ...viewer, name: 'test', via: 'test' }) as Viewer;
    return new HubContext(services, { viewer: asked });
  };
  exporter ??= exporterOf(schema);
  const exported = await exporter;
  const executor = new Executor(schema);
  return {
    export: (viewer, document, form) => exported(document, form, () => contextOf(viewer)),
    ask: async (viewer, document, { variables, execute = (request: ExecutionRequest) => executor.execute(request) } = {}) => {
      const context = contextOf(viewer);
      const answer = await execute({ document, variableValues: variables, contextValue: context });
      return { ...answer, hidden: context.hidden(), sources: context.reports(), explain: withoutTimes(context.explanation) };
    },
  };
}
