import type { Right } from './access.ts';
import type { Handler } from './handler.ts';
import * as activities from './resources/activities.ts';
import * as alerts from './resources/alerts.ts';
import * as tags from './resources/app_tags.ts';
import * as closing from './resources/closing.ts';
import * as discovery from './resources/discovery.ts';
import * as entities from './resources/entities.ts';
import * as files from './resources/files.ts';
import * as governance from './resources/governance.ts';
import * as policies from './resources/policies.ts';
import * as subnets from './resources/subnets.ts';

/** One row of the table. `{name}` in the path is a parameter. */
type Row = readonly [methods: string, path: string, right: Right, handler: Handler];

/** All routes (docs/defender-api.md 4 to 10). The first path that matches wins, so words come before parameters. */
const table: readonly Row[] = [
  ['GET POST', '/api/v1/alerts/', 'read', alerts.listAlerts],
  ['POST', '/api/v1/alerts/close_benign/', 'manage-alerts', closing.closeBenign],
  ['POST', '/api/v1/alerts/close_false_positive/', 'manage-alerts', closing.closeFalsePositive],
  ['POST', '/api/v1/alerts/close_true_positive/', 'manage-alerts', closing.closeTruePositive],
  ['POST', '/api/v1/alerts/dismiss_bulk/', 'manage-alerts', closing.dismissBulk],
  ['POST', '/api/v1/alerts/resolve/', 'manage-alerts', closing.resolve],
  ['POST', '/api/v1/alerts/reopen/', 'manage-alerts', closing.reopen],
  ['GET', '/api/v1/alerts/{id}/', 'read', alerts.fetchAlert],
  ['POST', '/api/v1/alerts/{id}/dismiss/', 'manage-alerts', closing.dismissOne],
  ['POST', '/api/v1/alerts/{id}/read/', 'manage-alerts', alerts.readAlert],
  ['POST', '/api/v1/alerts/{id}/unread/', 'manage-alerts', alerts.unreadAlert],

  ['GET POST', '/api/v1/activities/', 'read', activities.listActivities],
  ['GET', '/api/v1/activities/{id}/', 'read', activities.fetchActivity],

  ['GET POST', '/api/v1/policies/', 'read', policies.listPolicies],
  ['GET', '/api/v1/policies/{id}/', 'read', policies.fetchPolicy],
  ['POST', '/api/v1/policies/{id}/enable/', 'manage-policies', policies.enablePolicy],
  ['POST', '/api/v1/policies/{id}/disable/', 'manage-policies', policies.disablePolicy],
  ['GET', '/api/v1/policies/{type}/{id}/', 'read', policies.fetchPolicy],

  ['POST', '/api/v1/discovery/discovery_app/{appId}/add_tag/', 'tag-apps', tags.addTag],
  ['POST', '/api/v1/discovery/discovery_app/{appId}/remove_tag/', 'tag-apps', tags.removeTag],
  ['POST', '/api/v1/discovery/discovery_app/{appId}/set_sanctioned/', 'tag-apps', tags.setSanctioned],
  ['POST', '/api/v1/discovery/app_tags/', 'read', tags.listTags],
  ['POST', '/api/v1/discovery/discovered_apps/tags/', 'read', tags.countTags],
  ['POST', '/api/v1/discovery/discovered_apps/', 'read', discovery.listDiscoveredApps],
  ['GET POST', '/api/v1/discovery/app_catalog/', 'read', discovery.listCatalog],
  ['GET', '/api/v1/saasdb/{appId}/', 'read', discovery.fetchCatalogApp],
  ['GET', '/api/discovery/streams/', 'read', discovery.listStreams],
  ['GET', '/api/discovery_block_scripts/', 'read', discovery.blockScript],

  ['GET POST', '/api/v1/entities/', 'read', entities.listEntities],
  ['GET', '/api/v1/entities/{pk}/', 'read', entities.fetchEntity],
  ['GET', '/api/v1/entities/{pk}/retrieve_tree/', 'read', entities.retrieveTree],

  ['GET POST', '/api/v1/files/', 'read', files.listFiles],
  ['GET', '/api/v1/files/{id}/', 'read', files.fetchFile],

  ['GET POST', '/api/v1/subnet/', 'read', subnets.listSubnets],
  ['POST', '/api/v1/subnet/create_rule/', 'manage-ranges', subnets.createSubnet],
  ['POST', '/api/v1/governance/', 'read', governance.listTasks],
  ['GET', '/api/v1/governance/{id}/', 'read', governance.fetchTask],
];

/** A row that matches a path, with the path's parameters decoded. */
interface Match {
  methods: readonly string[];
  right: Right;
  handler: Handler;
  params: Record<string, string>;
}

const routes = table.map(([methods, path, right, handler]) => ({
  methods: methods.split(' '),
  pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]*)')}$`),
  right,
  handler,
}));

/** The row for a path. Every route answers under `/cas` as well (docs/defender-api.md 1.1). */
export function findRoute(path: string): Match | undefined {
  const bare = path.replace(/^\/cas(?=\/)/, '');
  for (const { pattern, ...route } of routes) {
    const found = pattern.exec(bare);
    const params = found && decode(found.groups ?? {});
    if (params) return { ...route, params };
  }
  return undefined;
}

/** Whether a request can change something: all but GET and rows that need only `read` counts as a write. */
export function effectOf(method: string, path: string): 'read' | 'write' {
  const route = findRoute(path);
  return method === 'GET' || route?.right === 'read' ? 'read' : 'write';
}

function decode(groups: Record<string, string>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return undefined;
  }
}
