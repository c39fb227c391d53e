import { allDefinitions, definitionOf } from '../../entities/definition.js';
import { Park, Tenant } from '../../entities/index.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import { HubError } from '../../schema/errors.js';
import { fieldsOf, type ResolverClass, rootFields } from '../../schema/fieldResolver.js';
import { attributesFor, Selection } from '../../schema/selection.js';

/** `park`, and on it the lists of the register that have no root field of their own. */
export function parkFields(): ResolverClass[] {
  const definition = definitionOf(Park);
  const lists = allDefinitions().filter((listed) => listed.room === 'tenancy' && listed.target !== Park && listed.target !== Tenant);
  return [
    rootFields([
      {
        name: 'park',
        description: 'The park that this hub serves. 园区',
        type: () => Park,
        reads: { entities: () => [Park.name] },
        resolve: async (_root, _given, context, info) => {
          const attributes = new Map([[definition.name, attributesFor(Selection.of(info), definition)]]);
          const { rows } = await context.books.ofEntity(Park).page({ order: [], limit: 1, attributes });
          if (!rows[0]) throw new HubError('NOT_FOUND', 'The register of the park is not there. Ask its operator to look at `parkhub sources`.');
          return rows[0];
        },
      },
    ]),
    fieldsOf(
      Park,
      lists.map((listed) => connectionField(listedEntity(listed), listed.plural, listed.description)),
    ),
  ];
}
