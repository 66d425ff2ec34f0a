import type { Handler, HandlerCall } from '../handler.ts';
import { field, toFilter } from '../query/filter.ts';
import { number } from '../query/kinds.ts';
import type { App } from '../records.ts';
import { detail, notFound, notValid, ok, type Reply } from '../reply.ts';

/** Each of these tags replaces the other two (docs/defender-api.md 7.2); other tags are independent of them. */
const BUILT_IN = ['Sanctioned', 'Unsanctioned', 'Monitored'];

/** T1 of docs/defender-api.md 7.1. */
export const addTag: Handler = (call) => withTag(call, tagApp);

/** T2 of docs/defender-api.md 7.1. */
export const removeTag: Handler = (call) =>
  withTag(call, (app, tag) => {
    app.tags = app.tags.filter((other) => other !== tag);
    return ok();
  });

/** T4 of docs/defender-api.md 7.1: true means sanctioned, false unsanctioned. */
export function setSanctioned(call: HandlerCall): Reply {
  const { sanctioned } = call.input;
  if (typeof sanctioned !== 'boolean') return notValid([String(sanctioned)]);
  const app = findApp(call);
  return app ? tagApp(app, sanctioned ? 'Sanctioned' : 'Unsanctioned') : notFound();
}

/** T3 of docs/defender-api.md 7.1: every tag with the apps that have it; a bare array. */
export function listTags({ state }: HandlerCall): Reply {
  const names = new Set([...BUILT_IN, ...state.apps.flatMap((app) => app.tags)]);
  const tags = [...names].map((name) => ({
    name,
    target: 6,
    id: name,
    appIds: state.apps.filter((app) => app.tags.includes(name)).map((app) => app.appId),
    builtIn: BUILT_IN.includes(name),
  }));
  return ok(tags);
}

/** T5 of docs/defender-api.md 7.1: how many of the chosen apps have each tag; clients verify a tag with it. */
export function countTags({ state, input, settings, now }: HandlerCall): Reply {
  const fields = { appId: field(number, ['eq'], (app: App) => [app.appId]) };
  const filter = toFilter(input.filters, fields, { ...settings, now });
  if ('invalid' in filter) return notValid(filter.invalid);
  const apps = state.apps.filter((app) => filter.matches(app));
  const count = (matches: (app: App) => boolean) => apps.filter(matches).length;
  return ok({
    data: [
      { id: 'Sanctioned', count: count((app) => app.tags.includes('Sanctioned')) },
      { id: 'Unsanctioned', count: count((app) => app.tags.includes('Unsanctioned')) },
      { id: 'None', count: count((app) => !app.tags.some((tag) => BUILT_IN.includes(tag))) },
    ],
  });
}

/** The app that the path names. */
export function findApp({ state, params }: HandlerCall): App | undefined {
  return state.apps.find((app) => String(app.appId) === params.appId);
}

function withTag(call: HandlerCall, change: (app: App, tag: string) => Reply): Reply {
  const { tagName } = call.input;
  if (typeof tagName !== 'string' || tagName === '') return notValid([String(tagName)]);
  const app = findApp(call);
  return app ? change(app, tagName) : notFound();
}

function tagApp(app: App, tag: string): Reply {
  if (tag === 'Unsanctioned' && app.isProtected) return detail(400, `${app.name} cannot be tagged as unsanctioned.`);
  const kept = app.tags.filter((other) => other !== tag && !(BUILT_IN.includes(tag) && BUILT_IN.includes(other)));
  app.tags = [...kept, tag];
  return ok();
}
