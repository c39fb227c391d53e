import { BookSeenView, ViewerInput } from '../../entities/views/accessView.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';

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
        // A line for each entity of each source, about.
        reads: { rows: 200 },
        resolve: (_root, given, context) => context.whatCanSee(given.viewer as ViewerInput),
      },
    ]),
  ];
}
