#!/usr/bin/env node
/** `parkhub`: runs a command, prints its failure on standard error, and ends with the exit code that says what happened. */
import { CommanderError } from 'commander';
import { exitCodes } from './exitCodes.js';
import { createProgram } from './program.js';
import { processTerminal } from './terminal.js';

const terminal = processTerminal();

// The reader of a pipe may leave early (`parkhub schema | head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok.code);
});

const program = createProgram(terminal);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await report(error);
}

/** Prints a failure and gives its exit code. */
async function report(error: unknown): Promise<number> {
  // commander has printed its own line, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.wrongUse.code;
  // Loaded only now: it knows the errors of the whole hub, which `--help` need not wait for.
  const { failureOf } = await import('./failureOf.js');
  const failure = failureOf(error);
  terminal.note(`parkhub: ${failure.message}`);
  if (program.opts<{ verbose?: boolean }>().verbose) terminal.note(traceOf(error));
  return exitCodes[failure.exitCode].code;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}${error.cause === undefined ? '' : `\ncaused by ${traceOf(error.cause)}`}`;
}
