import { BookSeenView, ViewerInput } from '../../entities/views/accessView.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';

/** Books that a cost takes a hub to have. */
const BOOKS_ASSUMED = 100;

/** `whatCanSee`: what another viewer may see, for the park's admin. */
export function accessFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'whatCanSee',
        description: "What a viewer sees of every book, and why it does not see the rest; for the park's admin. 权限预览",
        type: () => [BookSeenView],
        nullable: true,
        arguments: { viewer: { type: () => ViewerInput, description: 'The viewer. 访问者' } },
        // A book of each source for each entity; it asks none of them.
        reads: { rows: () => BOOKS_ASSUMED },
        resolve: (_root, given, context) => context.whatCanSee(given.viewer as ViewerInput),
      },
    ]),
  ];
}
