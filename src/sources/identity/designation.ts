/**
 * What a partner without USCCs calls a company: by name, by registration number 注册号, or by both.
 *
 * A book whose source.yml says `identify` keeps this designation, as one text, where others keep the USCC. Every connector
 * reads, compares and groups it like any other text; only `identified.ts` knows that it stands for a USCC.
 */
import { createHash } from 'node:crypto';
import type { BookMapping, ColumnMapping, SourceFile } from '../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../entities/definition.js';
import { joinDesignation, splitDesignation } from '../designationText.js';

/** What a partner calls a company; one of the two at least. */
export interface Designation {
  readonly name: string | null;
  readonly registrationNumber: string | null;
}

/** Which of the two a book has. */
export type DesignationForm = 'name' | 'registrationNumber' | 'both';

/** The attributes of a book that are identified, by name. */
export type IdentifiedAttributes = ReadonlyMap<string, DesignationForm>;

/** Longest name or number, in characters; a row with a longer one is set aside. */
const LONGEST = 200;

/** The designation as the book's column has it; undefined where a book of this form never has it. */
export function designationText({ name, registrationNumber }: Designation, form: DesignationForm): string | undefined {
  switch (form) {
    case 'both':
      return joinDesignation([registrationNumber, name]);
    case 'name':
      return registrationNumber === null ? (name ?? undefined) : undefined;
    case 'registrationNumber':
      return name === null ? (registrationNumber ?? undefined) : undefined;
  }
}

/** What a text of the book's column says. */
export function designationOf(text: string, form: DesignationForm): Designation {
  switch (form) {
    case 'both': {
      const [registrationNumber, name] = splitDesignation(text);
      return { name: name || null, registrationNumber: registrationNumber || null };
    }
    case 'name':
      return { name: text, registrationNumber: null };
    case 'registrationNumber':
      return { name: null, registrationNumber: text };
  }
}

/** A short id of a company as a source names it: the source and sixteen digits of a hash. */
export function companyId(source: string, { name, registrationNumber }: Designation): string {
  const hash = createHash('sha256').update(JSON.stringify([source, name, registrationNumber]));
  return `${source}.${hash.digest('hex').slice(0, 16)}`;
}

/** The source that such an id names; undefined where the text is none. */
export function sourceOfCompany(id: string): string | undefined {
  return /^([a-z][a-z0-9-]{0,62})\.[0-9a-f]{16}$/.exec(id)?.[1];
}

/** Whether the attribute is the USCC of a tenant in a book of others. */
export function identifiesTenant(definition: EntityDefinition, attribute: Attribute): boolean {
  const link = definition.links.find(({ from }) => from === attribute.name);
  return attribute.kind === 'uscc' && attribute.name !== definition.key && link?.target().name === 'Tenant';
}

/** The identified attributes of every book of a source, by entity. */
export function identifiedBooks(file: SourceFile): ReadonlyMap<string, IdentifiedAttributes> {
  const books = Object.entries(file.books).map(([entity, book]): [string, IdentifiedAttributes] => [entity, identifiedIn(book)]);
  return new Map(books.filter(([, attributes]) => attributes.size > 0));
}

/** The source.yml with the columns of designations in the place of `identify`. */
export function withDesignations<File extends SourceFile>(file: File): File {
  const books = Object.entries(file.books).map(([entity, book]) => {
    const columns = Object.entries(book.columns).map(([name, column]) => [name, columnOf(column)]);
    return [entity, { ...book, columns: Object.fromEntries(columns) }];
  });
  return { ...file, books: Object.fromEntries(books) };
}

/** The definition of an entity whose identified attributes hold designations, as texts. */
export function designated(definition: EntityDefinition, identified: IdentifiedAttributes | undefined): EntityDefinition {
  if (!identified) return definition;
  const attributes = [...definition.attributes].map(([name, attribute]): [string, Attribute] => [
    name,
    identified.has(name) ? { ...attribute, kind: 'text', nullable: true, length: LONGEST } : attribute,
  ]);
  return { ...definition, attributes: new Map(attributes) };
}

function identifiedIn(book: BookMapping): IdentifiedAttributes {
  const forms = Object.entries(book.columns).flatMap(([name, { identify }]): [string, DesignationForm][] => {
    if (!identify) return [];
    if (identify.name === undefined) return [[name, 'registrationNumber']];
    return [[name, identify.registrationNumber === undefined ? 'name' : 'both']];
  });
  return new Map(forms);
}

function columnOf({ identify, ...column }: ColumnMapping): ColumnMapping {
  if (!identify) return column;
  const { name, registrationNumber } = identify;
  if (name === undefined || registrationNumber === undefined) return { ...column, column: name ?? registrationNumber };
  return { ...column, columns: [registrationNumber, name], designation: true };
}
