/**
 * Syncs the bank of a park and is killed, as by `kill -9`, before or after the first statement on the store that starts
 * with a text. Arguments: the park's folder, the store's folder, `before` or `after`, the text.
 */
import 'reflect-metadata';
import pino from 'pino';
import { createEnvironment } from '../../dist/src/config/environment.js';
import { openHub } from '../../dist/src/hub.js';
import { GuardedLibsql } from '../../dist/src/sources/connectors/sql/libsqlDriver.js';

const [, , parkFolder, store, when, start] = process.argv;
const hub = await openHub({ parkFolder, environment: createEnvironment({ PARKHUB_STORE: store }), log: pino({ level: 'silent' }) });

const { prepare } = GuardedLibsql.prototype;
GuardedLibsql.prototype.prepare = function (text) {
  const statement = prepare.call(this, text);
  const isMeant = text.startsWith(start);
  const killed =
    (name) =>
    (...parameters) => {
      // No handler, no cleaning up, no flush: the process is gone within this call.
      if (isMeant && when === 'before') process.kill(process.pid, 'SIGKILL');
      const result = statement[name](...parameters);
      if (isMeant) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  return {
    get reader() {
      return statement.reader;
    },
    all: killed('all'),
    run: killed('run'),
  };
};
const outcomes = await hub.sync(['bank'], { by: 'tester' });
console.log(`No statement started with ${start}.`, outcomes);
