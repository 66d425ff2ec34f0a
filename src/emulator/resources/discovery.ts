import type { Handler, HandlerCall } from '../handler.ts';
import { type Fields, field, fieldAs } from '../query/filter.ts';
import { entityKey, number, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { App } from '../records.ts';
import { notFound, notValid, ok, plain, type Reply } from '../reply.ts';
import type { State } from '../state.ts';
import { findApp } from './app_tags.ts';

/** Appliances for which block scripts exist (docs/defender-api.md 7.4, D2). */
const SCRIPT_FORMATS = [102, 104, 108, 112, 120, 129, 135];

const NO_TAG = 'None';

/** The filters of T6. */
function discoveredFields({ activities }: State): Fields<App> {
  const usersOf = ({ appId }: App) => activities.filter((it) => it.appId === appId).map((it) => it.entityData['2'].id);
  return {
    appId: field(number, ['eq'], (app) => [app.appId]),
    tag: field(word, ['eq'], ({ tags }) => (tags.length > 0 ? tags : [NO_TAG])),
    score: fieldAs(number, { eq: 'bounds' }, (app) => [app.score]),
    users: field(number, ['lt', 'gt'], (app) => [app.usersCount]),
    'user.entity': field(entityKey, ['eq'], usersOf),
  };
}

/** T6 of docs/defender-api.md 7.1: the apps seen in traffic. */
export const listDiscoveredApps: Handler = (call) =>
  list(
    call,
    call.state.apps.filter((app) => app.usersCount > 0),
    {
      fields: discoveredFields(call.state),
      mayIgnorePaging: true,
      sorts: {
        trafficTotalEvents: (app) => app.trafficTotalEvents,
        trafficUploadedBytes: (app) => app.trafficUploadedBytes,
        name: (app) => app.name,
        score: (app) => app.score,
        usersCount: (app) => app.usersCount,
        ipAddressesCount: (app) => app.ipAddressesCount,
        lastUsed: (app) => app.lastUsed,
      },
    },
  );

/** T8 of docs/defender-api.md 7.1: every app that the service knows, also those that nobody uses. */
export const listCatalog: Handler = (call) =>
  list(call, call.state.apps.map(toCatalogApp), {
    fields: {
      appId: field(number, ['eq'], (app: CatalogApp) => [app.appId]),
      name: field(word, ['eq', 'contains'], (app) => [app.name]),
      domainList: field(word, ['eq'], (app) => app.domainList),
    },
    sorts: { score: (app) => app.score, name: (app) => app.name },
  });

type CatalogApp = ReturnType<typeof toCatalogApp>;

function toCatalogApp({ appId, name, category, domains, score }: App) {
  return { appId, name, category, domainList: domains, score };
}

/** T7 of docs/defender-api.md 7.1: facts about an app. */
export function fetchCatalogApp(call: HandlerCall): Reply {
  const app = findApp(call);
  if (!app) return notFound();
  const { appId, name, category, domains, score } = app;
  return ok({
    appId,
    name,
    category,
    domains,
    revised_score: { compliance: score, security: score, provider: score, total: score },
  });
}

/** D1 of docs/defender-api.md 7.4. */
export const listStreams: Handler = ({ state }) => ok({ streams: state.streams });

/** D2 of docs/defender-api.md 7.4: the domains to block, one per line. The syntax of each appliance is not imitated. */
export function blockScript({ state, input }: HandlerCall): Reply {
  if (!SCRIPT_FORMATS.some((format) => format === input.format)) return notValid([String(input.format)]);
  const banned = state.apps.filter((app) => app.tags.includes('Unsanctioned'));
  return plain(banned.flatMap((app) => app.domains.map((domain) => `${domain}\n`)).join(''));
}
