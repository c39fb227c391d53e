import { BookSeenView, ViewerInput, ViewerView } from '../../entities/views/accessView.js';
import type { HubContext } from '../../schema/context.js';
import { type ResolverClass, rootFields } from '../../schema/fieldResolver.js';

/** `viewer`: who asks; `whatCanSee`: what another viewer may see, for the park's admin. */
export function accessFields(): ResolverClass[] {
  return [
    rootFields([
      {
        name: 'viewer',
        description: 'Who asks: whom the token of the request makes of its sender; anyone without one. 当前访问者',
        type: () => ViewerView,
        nullable: true,
        resolve: (_root, _given, { viewer }) => viewOf(viewer),
      },
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

/** Null for the hub itself, which no token makes. */
function viewOf(viewer: HubContext['viewer']): ViewerView | null {
  if (viewer.kind === 'SYSTEM') return null;
  return {
    kind: viewer.kind,
    name: viewer.name,
    uscc: viewer.kind === 'TENANT' ? viewer.uscc : null,
    sourceId: 'source' in viewer ? viewer.source : null,
    funds: viewer.kind === 'INVESTOR' && viewer.funds !== 'all' ? [...viewer.funds] : null,
    role: viewer.kind === 'PARK' ? viewer.role : null,
  };
}
