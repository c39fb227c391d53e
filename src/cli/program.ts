/** The command line: which commands there are, what they take, what --help says. Each command's own work is in its file. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { hubVersion } from '../version.js';
import type { GrantOptions } from './authorizationCommand.js';
import { describeExitCodes } from './exitCodes.js';
import type { ExportOptions } from './exportCommand.js';
import type { Terminal } from './terminal.js';
import type { IssueOptions, RevokeOptions, TokenOptions } from './tokenCommand.js';

/** The options that every command takes. */
export interface CommonOptions {
  readonly verbose?: boolean;
}

/**
 * The program over a terminal. Its parseAsync gives back when the command is done; wrong use is a CommanderError, a
 * failure that the command expects a CommandFailure.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('parkhub')
    .description("One GraphQL graph over a park's register and the books of its investors and banks, each left where it lives.")
    .version(hubVersion(), '-V, --version', 'print the version')
    .option('--verbose', 'log more, and print where a failure came from')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      // One line, suggestion and all.
      outputError: (text, write) =>
        write(
          `parkhub: ${text
            .trimEnd()
            .replace(/^error: /, '')
            .replaceAll('\n', ' ')}`,
        ),
    })
    .addHelpText('after', `\nExample:\n  parkhub serve parks/xinxiang --port 4000\n\n${describeExitCodes()}`);

  program
    .command('serve')
    .description('Open a park and serve its graph, its explorer and its health until it is stopped.')
    .argument('<park>', 'the folder of the park: it holds a park.yml')
    .option('-p, --port <number>', 'the port to listen on, 0 for any free one (default: PORT, else 4000)', port)
    .option('-H, --host <address>', 'the address to listen on (default: PARKHUB_HOST, else 127.0.0.1)')
    .addHelpText('after', '\nExample:\n  parkhub serve parks/xinxiang --port 5000\n  parkhub serve parks/xinxiang --host 0.0.0.0')
    .action(async (park: string, options: { port?: number; host?: string }) => {
      const { serveCommand } = await import('./serveCommand.js');
      await serveCommand(park, { ...options, ...common(program) }, terminal);
    });

  program
    .command('migrate')
    .description("Make the park's store ready for this version, and say which migrations ran. serve does it too.")
    .argument('<park>', 'the folder of the park')
    .addHelpText('after', '\nExample:\n  parkhub migrate parks/xinxiang')
    .action(async (park: string) => {
      const { migrateCommand } = await import('./migrateCommand.js');
      await migrateCommand(park, terminal);
    });

  program
    .command('sources')
    .description('List the sources of a park: their state, how many rows each book has, and which rows were set aside and why.')
    .argument('<park>', 'the folder of the park')
    .option('--check', 'also show a few rows of each book as the partner gave them, beside what the mapping makes of them; fail if any row was set aside')
    .option('--rows <number>', 'how many rows --check shows of each book', rowCount, 2)
    .option('--json', 'print JSON, with every row that was set aside')
    .addHelpText('after', '\nExample:\n  parkhub sources parks/xinxiang\n  parkhub sources parks/xinxiang --check --rows 5')
    .action(async (park: string, options: { check?: boolean; rows: number; json?: boolean }) => {
      const { sourcesCommand } = await import('./sourcesCommand.js');
      await sourcesCommand(park, { ...options, ...common(program) }, terminal);
    });

  program
    .command('sync')
    .description("Copy mirrored sources into the park's store: read and check every row, then show the new state all at once. Nothing is read twice.")
    .argument('<park>', 'the folder of the park')
    .argument('[sources...]', 'ids of mirrored sources (default: all of them)')
    .option('-w, --watch', 'go on until it is stopped: by the schedule of each source, or whenever its files change')
    .option('--json', 'print JSON; with --watch one line for each run')
    .addHelpText('after', '\nExample:\n  parkhub sync parks/xinxiang\n  parkhub sync parks/xinxiang bocom hongtu\n  parkhub sync parks/xinxiang --watch')
    .action(async (park: string, sources: string[], options: { watch?: boolean; json?: boolean }) => {
      const { syncCommand } = await import('./syncCommand.js');
      await syncCommand(park, sources, { ...options, ...common(program) }, terminal);
    });

  identity(program, terminal);
  token(program, terminal);
  authorization(program, terminal);
  audit(program, terminal);
  exporting(program, terminal);

  program
    .command('schema')
    .description('Print the GraphQL schema as the code emits it.')
    .option('-o, --out <file>', 'write it to this file')
    .option('--check', 'write nothing; fail when the file (default: schema.graphql of parkhub) is not what the code emits')
    .addHelpText('after', '\nExample:\n  parkhub schema --out schema.graphql\n  parkhub schema --check')
    .action(async (options: { out?: string; check?: boolean }) => {
      const { schemaCommand } = await import('./schemaCommand.js');
      await schemaCommand(options, terminal);
    });

  return program;
}

/** The commands of `parkhub identity`. */
function identity(program: Command, terminal: Terminal): void {
  const group = program
    .command('identity')
    .description('Say who the companies are that partners name without a USCC. Nothing is joined by name before that.')
    .addHelpText(
      'after',
      '\nExample:\n  parkhub identity list parks/xinxiang\n  parkhub identity accept parks/xinxiang muye.0fd5dda5249db00a 91410771MA3XGWU758',
    );
  const by = ['--by <name>', 'the officer who decides (default: your login name)'] as const;
  const json = ['--json', 'print JSON'] as const;

  for (const [name, description] of [
    ['list', 'List the companies that nobody has identified: those with most rows first, each with the tenants that it may be.'],
    ['history', 'List what officers have said, the last first: also what was withdrawn.'],
  ] as const) {
    group
      .command(name)
      .description(description)
      .argument('<park>', 'the folder of the park')
      .option('--source <id>', 'only of this source')
      .option('--first <number>', 'how many', rowCount, 50)
      .option(...json)
      .action(async (park: string, options: { source?: string; first: number; json?: boolean }) => {
        const { listCompanies, listDecisions } = await import('./identityCommand.js');
        await (name === 'list' ? listCompanies : listDecisions)(park, { ...options, ...common(program) }, terminal);
      });
  }
  for (const [name, verdict, description] of [
    ['accept', 'ACCEPTED', 'Say that a company is a tenant: from now on its rows are joined to it.'],
    ['reject', 'REJECTED', 'Say that a company is not a tenant: it is not proposed again.'],
  ] as const) {
    group
      .command(name)
      .description(description)
      .argument('<park>', 'the folder of the park')
      .argument('<company>', 'the id of the company, as list shows it')
      .argument('<uscc>', 'the USCC of the tenant')
      .option(...by)
      .option(...json)
      .action(async (park: string, company: string, uscc: string, options: { by?: string; json?: boolean }) => {
        const { decideAlias } = await import('./identityCommand.js');
        await decideAlias(verdict, park, company, uscc, { ...options, ...common(program) }, terminal);
      });
  }
  group
    .command('withdraw')
    .description('Take a decision back: what was joined is joined no more, what was rejected may be proposed. It stays on record.')
    .argument('<park>', 'the folder of the park')
    .argument('<decision>', 'the number of the decision, as history shows it', recordNumber)
    .option(...by)
    .option(...json)
    .action(async (park: string, decision: number, options: { by?: string; json?: boolean }) => {
      const { withdrawAlias } = await import('./identityCommand.js');
      await withdrawAlias(park, decision, { ...options, ...common(program) }, terminal);
    });
}

/** The commands of `parkhub token`. */
function token(program: Command, terminal: Terminal): void {
  const group = program
    .command('token')
    .description('Make, list and revoke tokens: who sends one is not the public, but a tenant, an investor, a bank, a person of the park or a program.')
    .addHelpText(
      'after',
      '\nExample:\n  parkhub token issue parks/xinxiang --name 王敏 --bank icbc --expires 30\n  parkhub token list parks/xinxiang\n  parkhub token revoke parks/xinxiang 3',
    );
  const by = ['--by <name>', 'who does it (default: your login name)'] as const;
  const json = ['--json', 'print JSON'] as const;

  group
    .command('issue')
    .description('Make a token and print it, this once: the hub keeps only its hash.')
    .argument('<park>', 'the folder of the park')
    .requiredOption('--name <name>', 'who or what it is for, as lists and the trace show it')
    .option('--tenant <uscc>', 'its holder is a tenant')
    .option('--investor <source>', 'its holder is an investor, by the id of its source')
    .option('--fund <code>', "only of this of the investor's funds; may be given several times", (code: string, codes: string[] = []) => [...codes, code])
    .option('--bank <source>', 'its holder is an officer of a bank, by the id of its source')
    .addOption(new Option('--role <role>', 'its holder is a person of the park').choices(['analyst', 'operator', 'admin']))
    .option('--service <source>', "its holder is a source's own program")
    .option('--expires <days>', 'how many days it is good, at most 366', days, 90)
    .option(...by)
    .option(...json)
    .action(async (park: string, options: IssueOptions) => {
      const { issueToken } = await import('./tokenCommand.js');
      await issueToken(park, { ...options, ...common(program) }, terminal);
    });
  group
    .command('list')
    .description('List the tokens, the last first: who holds them, until when, when they were last used.')
    .argument('<park>', 'the folder of the park')
    .option(...json)
    .action(async (park: string, options: TokenOptions) => {
      const { listTokens } = await import('./tokenCommand.js');
      await listTokens(park, { ...options, ...common(program) }, terminal);
    });
  group
    .command('revoke')
    .description('Take a token back: it is refused from the next request on. It stays on record.')
    .argument('<park>', 'the folder of the park')
    .argument('<token>', 'the number of the token, as list shows it', recordNumber)
    .option(...by)
    .option(...json)
    .action(async (park: string, id: number, options: RevokeOptions) => {
      const { revokeToken } = await import('./tokenCommand.js');
      await revokeToken(park, id, { ...options, ...common(program) }, terminal);
    });
}

/** The commands of `parkhub authorization`. */
function authorization(program: Command, terminal: Terminal): void {
  const group = program
    .command('authorization')
    .description("Keep companies' consents where they cannot sign in: an operator records what a company signed on paper, and the record says so.")
    .addHelpText(
      'after',
      '\nExample:\n  parkhub authorization grant parks/xinxiang 91410771MA3XGWU758 icbc --scopes CREDIT,OPERATING --purpose BEFORE_LENDING --from 2022-01-10 --to 2022-07-09 --document consent.pdf',
    );
  const by = ['--by <name>', 'the operator who records it (default: your login name)'] as const;
  const json = ['--json', 'print JSON'] as const;

  group
    .command('list')
    .description('List authorizations, the last first, with their state today.')
    .argument('<park>', 'the folder of the park')
    .option('--tenant <uscc>', 'only of this company')
    .option('--grantee <source>', 'only of this grantee: the id of a source, or park')
    .option('--state <state>', 'only in this state: AWAITING, AUTHORISED, REVOKED or EXPIRED')
    .option('--first <number>', 'how many', rowCount, 50)
    .option(...json)
    .action(async (park: string, options: { tenant?: string; grantee?: string; state?: string; first: number; json?: boolean }) => {
      const { listAuthorizations } = await import('./authorizationCommand.js');
      await listAuthorizations(park, { ...options, ...common(program) }, terminal);
    });
  group
    .command('grant')
    .description('Record that a company has signed: from now on the grantee may read. With --ask it answers what was asked for, in whole or in part.')
    .argument('<park>', 'the folder of the park')
    .argument('[tenant]', 'the USCC of the company; left out with --ask')
    .argument('[grantee]', 'the id of the source whose people may read, or park; left out with --ask')
    .option('--ask <number>', 'the number of what was asked for, as list shows it', recordNumber)
    .option('--scopes <list>', 'with commas between them: IDENTITY, OPERATING, INTELLECTUAL_PROPERTY, FINANCING, CREDIT')
    .option('--purpose <purpose>', 'BEFORE_LENDING, DURING_LENDING, AFTER_LENDING, DUE_DILIGENCE or PORTFOLIO_MONITORING')
    .option('--from <day>', 'the first day, YYYY-MM-DD')
    .option('--to <day>', 'the last day, YYYY-MM-DD')
    .requiredOption('--document <file>', 'the signed document, whose SHA-256 is recorded; or that hash itself')
    .option(...by)
    .option(...json)
    .action(async (park: string, tenant: string | undefined, grantee: string | undefined, options: GrantOptions) => {
      const { grantOnPaper } = await import('./authorizationCommand.js');
      await grantOnPaper(park, tenant, grantee, { ...options, ...common(program) }, terminal);
    });
  group
    .command('revoke')
    .description('Record that a company takes its consent back, or refuses: nothing is read under it from the next read on.')
    .argument('<park>', 'the folder of the park')
    .argument('<authorization>', 'its number, as list shows it', recordNumber)
    .option(...by)
    .option(...json)
    .action(async (park: string, number: number, options: { by?: string; json?: boolean }) => {
      const { revokeOnPaper } = await import('./authorizationCommand.js');
      await revokeOnPaper(park, number, { ...options, ...common(program) }, terminal);
    });
}

/** The commands of `parkhub audit`. */
function audit(program: Command, terminal: Terminal): void {
  program
    .command('audit')
    .description('Check the record of who read what is not public.')
    .addHelpText('after', '\nExample:\n  parkhub audit verify parks/xinxiang')
    .command('verify')
    .description(
      'Follow the chain of the trace from its first record to its last, and say where it is not as it was written. Note the head that it prints elsewhere.',
    )
    .argument('<park>', 'the folder of the park')
    .option('--head <head>', 'a head that was printed before, NUMBER:HASH: the chain must still have it')
    .option('--json', 'print JSON')
    .action(async (park: string, options: { head?: string; json?: boolean }) => {
      const { verifyTrace } = await import('./auditCommand.js');
      await verifyTrace(park, options, terminal);
    });
}

/** `parkhub export`. */
function exporting(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .description('Write the rows of one list of a running hub to a file: whole, or not at all. The token is taken from the variable PARKHUB_TOKEN.')
    .requiredOption('-q, --query <file>', 'the file of the document, whose one list is exported; - for standard input')
    .option('-u, --url <url>', 'the address of the hub', 'http://127.0.0.1:4000')
    .option('--variables <json>', 'the variables of the document')
    .option('--operation <name>', 'which operation of the document, where it has several')
    .addOption(new Option('-f, --format <format>', 'CSV or JSON Lines (default: as --out ends, else csv)').choices(['csv', 'jsonl']))
    .option('-o, --out <file>', 'the file to write; it is there when it is whole (default: standard output)')
    .option('--token-env <name>', 'the variable that holds the token (default: PARKHUB_TOKEN; without one the public asks)')
    .addHelpText('after', '\nExample:\n  parkhub export --query loans.graphql --out loans.csv --url https://hub.example.cn')
    .action(async (options: ExportOptions) => {
      const { exportCommand } = await import('./exportCommand.js');
      await exportCommand(options, terminal);
    });
}

function common(program: Command): CommonOptions {
  return program.opts<CommonOptions>();
}

function port(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

function rowCount(text: string): number {
  return wholeNumber(text, 1, 1_000);
}

function days(text: string): number {
  return wholeNumber(text, 1, 366);
}

function recordNumber(text: string): number {
  return wholeNumber(text, 1, 999_999);
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}, but got: ${text}.`);
}
