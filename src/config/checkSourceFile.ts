/**
 * What a source.yml means for the entities that it maps: do the attributes exist, are the code values ours, are all
 * values there that a row needs. Its form was checked before, by `sourceFileSchema`.
 */
import { type Attribute, allDefinitions, type EntityDefinition } from '../entities/definition.js';
import '../entities/index.js';
import { isUscc, usccCheckCharacter } from '../rules/uscc.js';
import { decodeCell, isEncodable, MappingProblem, showRaw } from '../sources/decode.js';
import { moneyUnits, ratioUnits } from '../sources/decodeNumber.js';
import { isTimeZone } from '../sources/decodeZone.js';
import { identifiesTenant } from '../sources/identity/designation.js';
import { keyAttributeOf } from '../sources/mapping.js';
import { compareText } from '../values/text.js';
import { checkBookPlace } from './checkBookPlace.js';
import { checkSync } from './checkSync.js';
import type { ConfigProblem } from './problem.js';
import type { BookMapping, ColumnMapping, SourceFile, SqlServerConnection } from './sourceFile.js';
import { suggestion } from './suggestion.js';
import type { FieldPath, LineOf } from './yaml.js';

/** Notes a problem at a field. */
export type Report = (path: FieldPath, expected: string, got: string) => void;

/** Everything in a source.yml that does not fit the entities, in the order of its lines. */
export function checkSourceFile(file: SourceFile, lineOf: LineOf): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, expected, got) => {
    problems.push({ file: `${file.id}/source.yml`, line: lineOf(path), field: path.join('.'), expected, got });
  };
  checkPartner(file, report);
  if (file.connector === 'sql' && file.connection.type !== 'sqlite') checkServer(file.connection, report);
  if (!isTimeZone(file.timeZone)) report(['timeZone'], 'a time zone such as Asia/Shanghai', file.timeZone);
  checkSync(file, report);
  if (Object.keys(file.books).length === 0) report(['books'], 'at least one book', 'none');
  for (const [name, book] of Object.entries(file.books)) checkBook(file, name, book, report);
  return problems.sort((a, b) => a.line - b.line || compareText(a.field, b.field));
}

function checkPartner({ partner, connector, ...file }: SourceFile, report: Report): void {
  if (partner.uscc !== undefined && !isUscc(partner.uscc)) {
    const check = /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(partner.uscc) ? ` (the check character of the first seventeen is ${usccCheckCharacter(partner.uscc)})` : '';
    report(['partner', 'uscc'], `18 characters of a USCC whose check character is right${check}`, partner.uscc.slice(0, 80));
  }
  const pattern = connector === 'file' && 'asOfFileName' in file ? file.asOfFileName : undefined;
  if (pattern !== undefined && groupsOf(pattern) < 3) {
    const got = groupsOf(pattern) < 0 ? 'a text that is none' : `one with ${groupsOf(pattern)} groups`;
    report(['asOfFileName'], 'a regular expression with three groups: year, month and day', got);
  }
}

/** A server is reached by a URL or by its parts, never by both. */
function checkServer(connection: SqlServerConnection, report: Report): void {
  const path = ['connection'];
  const parts = (['host', 'port', 'database', 'user', 'password'] as const).filter((name) => connection[name] !== undefined);
  if (connection.url !== undefined) {
    for (const part of parts) report([...path, part], `no ${part} beside url, which says it already`, `a field named ${part}`);
    return;
  }
  if (parts.length === 0) report(path, 'url (the name of an environment variable), or host, database and user', 'none of them');
  else for (const needed of ['host', 'database', 'user'] as const) if (!parts.includes(needed)) report([...path, needed], `a field named ${needed}`, 'none');
}

/** How many groups a regular expression has; -1 where the text is none. */
function groupsOf(pattern: string): number {
  try {
    return (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 0) - 1;
  } catch (error) {
    if (error instanceof SyntaxError) return -1;
    throw error;
  }
}

function checkBook(file: SourceFile, name: string, book: BookMapping, report: Report): void {
  const path = ['books', name];
  const known = allDefinitions().filter((definition) => !definition.configured);
  const definition = known.find((candidate) => candidate.name === name);
  if (!definition) {
    const names = known.map((candidate) => candidate.name).sort();
    if (allDefinitions().some((entry) => entry.configured && entry.name === name))
      report(path, `an entity other than ${name}, whose row is made of the partner block and park.yml`, name);
    else report(path, `one of ${names.join(', ')}${suggestion(name, names)}`, name);
    return;
  }
  // Such a row always leads to the partner that holds it: the graph promises that it is there.
  const holder = definition.links.find((link) => link.from === 'source' && link.required)?.target().name;
  if (holder && holder.toLowerCase() !== file.partner.kind)
    report(path, `an entity that a partner of kind ${file.partner.kind} holds`, `${name}, which belongs to a ${holder}`);

  checkBookPlace(file.connector, book, path, report);
  checkColumns(file, definition, book, path, report);
  const batch = 'batch' in book.from ? book.from.batch : undefined;
  if (batch && !Object.hasOwn(book.columns, batch.attribute)) {
    const mapped = Object.keys(book.columns);
    report([...path, 'from', 'batch', 'attribute'], `one of the mapped attributes ${mapped.join(', ')}${suggestion(batch.attribute, mapped)}`, batch.attribute);
  }
  const { name: byName, registrationNumber: byNumber } = (batch && book.columns[batch.attribute]?.identify) ?? {};
  if (batch && byName !== undefined && byNumber !== undefined)
    report([...path, 'from', 'batch', 'attribute'], 'an attribute of one column, for a request has one value for each key', `${batch.attribute}, of two`);
}

function checkColumns(file: SourceFile, definition: EntityDefinition, book: BookMapping, path: FieldPath, report: Report): void {
  const keyAttribute = keyAttributeOf(definition);
  const attributes = new Map([...definition.attributes, [keyAttribute.name, keyAttribute]]);
  for (const [name, column] of Object.entries(book.columns)) {
    const attribute = attributes.get(name);
    const here = [...path, 'columns', name];
    if (attribute && column.identify) checkIdentify(definition, attribute, column, here, report);
    else if (attribute) checkColumn(file, attribute, column, name === keyAttribute.name, here, report);
    else {
      const hint = name === 'key' ? `; the key of ${definition.name} is its ${keyAttribute.name}` : suggestion(name, attributes.keys());
      report(here, `an attribute of ${definition.name}: one of ${[...attributes.keys()].join(', ')}${hint}`, name);
    }
  }
  for (const attribute of attributes.values()) {
    if (!attribute.nullable && !Object.hasOwn(book.columns, attribute.name)) {
      report([...path, 'columns', attribute.name], `a column for ${attribute.name}, which every ${definition.name} has`, 'none');
    }
  }
}

function checkColumn(file: SourceFile, attribute: Attribute, column: ColumnMapping, isKey: boolean, path: FieldPath, report: Report): void {
  const { kind, name } = attribute;
  const units = kind === 'money' ? moneyUnits : kind === 'decimal' ? ratioUnits : [];
  if (column.unit !== undefined && !units.includes(column.unit)) {
    report(
      [...path, 'unit'],
      units.length ? `one of ${units.join(', ')}, for ${name} is of kind ${kind}` : `no unit, for ${name} is of kind ${kind}`,
      column.unit,
    );
    return;
  }
  if (column.format !== undefined && kind !== 'date' && kind !== 'dateTime') {
    report([...path, 'format'], `no format, for ${name} is of kind ${kind}, not a day or an instant`, column.format);
  }
  if (column.columns && !(isKey && kind === 'text'))
    report([...path, 'columns'], `one column, for ${name} is not a key that is a text`, column.columns.join(', '));
  if (column.values) checkValues(attribute, column.values, [...path, 'values'], report);
  if (column.constant !== undefined) {
    for (const other of ['values', 'empty'] as const) if (column[other]) report([...path, other], 'none beside a constant', `a ${other} field`);
    if (isKey) report([...path, 'constant'], 'a column, for no two rows have the same key', showRaw(column.constant));
    else checkDecodes(attribute, column, file.timeZone, [...path, 'constant'], report);
  } else if (file.connector === 'sql' && !isEncodable(attribute, column)) {
    const expected =
      kind === 'boolean'
        ? 'a values field that says which codes mean true and false'
        : 'a format in which a day is written in one way; a view of the database can give it';
    report(path, `${expected} (a database is asked in its own codes)`, column.format ?? 'none');
  }
}

/** Only what leads to a tenant can be identified, and what it is identified by says all. */
function checkIdentify(definition: EntityDefinition, attribute: Attribute, column: ColumnMapping, path: FieldPath, report: Report): void {
  if (!identifiesTenant(definition, attribute)) {
    const { name, kind } = attribute;
    report([...path, 'identify'], `a column, for ${name} (of kind ${kind}) is not the USCC of a tenant in another book`, 'identify');
  }
  for (const other of ['unit', 'format', 'values'] as const) if (column[other]) report([...path, other], 'none beside identify', `a ${other} field`);
}

function checkValues(attribute: Attribute, values: Readonly<Record<string, string>>, path: FieldPath, report: Report): void {
  const { kind, name } = attribute;
  if (kind !== 'enum' && kind !== 'boolean' && kind !== 'text') {
    report(path, `no values, for ${name} is of kind ${kind}`, `values for ${Object.keys(values).length} codes`);
    return;
  }
  const ours: readonly string[] = kind === 'enum' ? (attribute.enum?.values ?? []) : kind === 'boolean' ? ['true', 'false'] : [];
  for (const [code, value] of Object.entries(values)) {
    if (code.trim() !== code || code === '') report([...path, code], 'a code without blanks around it', JSON.stringify(code));
    if (kind === 'text') checkDecodes(attribute, { constant: value }, 'UTC', [...path, code], report);
    else if (!ours.includes(value)) report([...path, code], `one of ${ours.join(', ')}${suggestion(value, ours)}`, value.slice(0, 80));
  }
}

function checkDecodes(attribute: Attribute, column: ColumnMapping, timeZone: string, path: FieldPath, report: Report): void {
  try {
    decodeCell(attribute, column, undefined, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return; // The time zone is wrong, which has its own problem.
    if (!(error instanceof MappingProblem)) throw error;
    report(path, error.expected, error.got);
  }
}
