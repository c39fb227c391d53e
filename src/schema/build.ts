/** The executable schema: entity files, links, and the resolvers of the rooms. */
import 'reflect-metadata';
import '../entities/index.js';
import type { GraphQLSchema } from 'graphql';
import { buildSchema, type NonEmptyArray } from 'type-graphql';
import { resolvers } from '../resolvers/index.js';
import { connectionResolvers } from './connection.js';
import { resolveDirectly } from './fieldResolver.js';
import { linkResolvers } from './links.js';
import { sourceReportResolvers } from './sourceReport.js';

let built: Promise<GraphQLSchema> | undefined;

/** The schema of the hub; the same for every park. Built once. */
export function hubSchema(): Promise<GraphQLSchema> {
  built ??= build();
  return built;
}

async function build(): Promise<GraphQLSchema> {
  const links = linkResolvers();
  const rooms = resolvers();
  // Connection types are made while links and rooms name them: theirs come last.
  const schema = await buildSchema({
    resolvers: [...rooms, ...links, ...connectionResolvers(), ...sourceReportResolvers()] as unknown as NonEmptyArray<new () => object>,
    validate: false,
  });
  resolveDirectly(schema);
  return schema;
}
