/** Answers operations over one schema by plans that are kept with their documents; graphql-js answers what there is no plan for. */
import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { type Awaitable, Execution, isPromise } from './execution.js';
import { conditionVariables, type Data, OperationPlan, type Variables } from './plan.js';

/** What is asked. */
export interface ExecutionRequest {
  /** Parsed and validated. */
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue?: unknown;
  readonly rootValue?: unknown;
}

/** Fields of all plans that are kept: of about 600 bytes each, with what hangs on them. */
const MOST_FIELDS = 40_000;
/** Plans of one operation that are kept: each answer to its `@skip` and `@include` has one. */
const MOST_PLANS = 8;
/** graphql-js's own bound. */
const MOST_VARIABLE_ERRORS = 50;

/** An operation of a document, and its plans by the values of the variables that its conditions rest on. */
class PlannedOperation {
  private readonly plans = new Map<string, OperationPlan>();
  private readonly conditions: readonly string[];

  constructor(
    private readonly schema: GraphQLSchema,
    readonly operation: OperationDefinitionNode,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  ) {
    this.conditions = conditionVariables(operation, fragments);
  }

  plan(variables: Variables): OperationPlan | undefined {
    const name = this.conditions.map((variable) => String(variables[variable])).join(' ');
    const known = this.plans.get(name);
    if (known) return known;
    const rootType = this.schema.getRootType(this.operation.operation);
    if (!rootType) return undefined;
    const plan = new OperationPlan(this.schema, this.operation, this.fragments, rootType);
    if (this.plans.size >= MOST_PLANS) this.plans.delete(this.plans.keys().next().value as string);
    this.plans.set(name, plan);
    return plan;
  }
}

/** Executes operations over a schema as graphql-js does, by plans. */
export class Executor {
  /** With its document a plan goes. */
  private operations = new WeakMap<DocumentNode, Map<string | undefined, PlannedOperation>>();
  /** Fields of the plans made since all were dropped. */
  private fields = 0;

  /**
   * Throws for a schema that is not valid.
   *
   * @param mostFields when the plans have more fields, all are dropped: they are soon made anew
   */
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly mostFields = MOST_FIELDS,
  ) {
    assertValidSchema(schema);
  }

  /** The answer; a promise of it where something in it is promised. Never rejects. */
  execute(request: ExecutionRequest): Awaitable<ExecutionResult> {
    const { schema } = this;
    const planned = this.operationOf(request.document, request.operationName ?? undefined);
    if (!planned) return execute({ schema, ...request }) as Awaitable<ExecutionResult>;
    const { operation } = planned;
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variableValues ?? {}, {
      maxErrors: MOST_VARIABLE_ERRORS,
    });
    if (!coerced) return { errors: errors as readonly GraphQLError[] };
    const plan = planned.plan(coerced);
    if (!plan) return execute({ schema, ...request }) as Awaitable<ExecutionResult>;

    const execution = new Execution(plan, request.rootValue, request.contextValue, coerced);
    const { errors: found } = execution;
    const sizeBefore = plan.size;
    const answer = (data: Data | null): ExecutionResult => {
      // Where two executions made the plan grow at once, it counts twice: then plans are dropped a little early.
      this.grown(plan.size - sizeBefore);
      return found.length === 0 ? { data } : { errors: found, data };
    };
    const failed = (error: unknown): ExecutionResult => {
      execution.add(error as GraphQLError, undefined);
      return answer(null);
    };
    try {
      const data = operation.operation === OperationTypeNode.MUTATION ? execution.mutation() : execution.query();
      return isPromise(data) ? data.then(answer, failed) : answer(data);
    } catch (error) {
      return failed(error);
    }
  }

  private grown(fields: number): void {
    this.fields += fields;
    if (this.fields <= this.mostFields) return;
    this.operations = new WeakMap();
    this.fields = 0;
  }

  /** Undefined where there is no such operation, or more than one that could be meant, or a subscription: graphql-js says what of it. */
  private operationOf(document: DocumentNode, name: string | undefined): PlannedOperation | undefined {
    const known = this.operations.get(document);
    const planned = known?.get(name);
    if (planned) return planned;
    const found = this.find(document, name);
    // What is not there is not kept: anyone may ask for any name.
    if (found) this.operations.set(document, (known ?? new Map<string | undefined, PlannedOperation>()).set(name, found));
    return found;
  }

  private find(document: DocumentNode, name: string | undefined): PlannedOperation | undefined {
    const operations: OperationDefinitionNode[] = [];
    const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
      if (definition.kind === Kind.OPERATION_DEFINITION && (name === undefined || definition.name?.value === name)) operations.push(definition);
    }
    const [operation, another] = operations;
    if (!operation || another || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    return new PlannedOperation(this.schema, operation, fragments);
  }
}
