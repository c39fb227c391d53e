import { allDefinitions } from '../../entities/definition.js';
import { Park } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { fieldsOf, type ResolverClass } from '../../schema/fieldResolver.js';

/** The park's operations as lists of the park: applications, evictions, graduations, rent waivers, donations, shelters. */
export function operationsFields(): ResolverClass[] {
  const lists = allDefinitions().filter((definition) => definition.room === 'operations');
  return [
    fieldsOf(
      Park,
      lists.map((listed) => connectionField(listedEntity(listed), listed.plural, listed.description)),
    ),
  ];
}
