import { afterAll } from 'vitest';
import { conform } from './conformance.js';
import { serverSources, stopServers } from './conformingSql.js';

conform(serverSources);
afterAll(stopServers);
