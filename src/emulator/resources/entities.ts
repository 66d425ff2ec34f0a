import type { Handler, HandlerCall } from '../handler.ts';
import { parseJson } from '../json.ts';
import { type Fields, field, known } from '../query/filter.ts';
import { entityKey, flag, flagOrNull, number, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Entity, EntityKey } from '../records.ts';
import { notFound, ok, type Reply } from '../reply.ts';

const EQ_NEQ = ['eq', 'neq'] as const;
const SET = [...EQ_NEQ, 'isset', 'isnotset'] as const;

/** `type` of a user; an account in a further app has 1 (docs/defender-api.md 8.2). */
const USER = 2;

const keyOf = ({ id, appData }: Entity): EntityKey => ({ id, saas: appData.saas, inst: appData.instance });

/** The filters of docs/defender-api.md 8.2. */
function entityFields(entities: readonly Entity[]): Fields<Entity> {
  const users = new Map(entities.filter(({ type }) => type === USER).map((user) => [user.email, keyOf(user)]));
  return {
    type: field(number, EQ_NEQ, (entity) => [entity.type]),
    isAdmin: field(flag, ['eq'], (entity) => [entity.isAdmin]),
    // The key of a user finds its accounts as well.
    entity: field(entityKey, EQ_NEQ, (entity) => [keyOf(entity), users.get(entity.email)]),
    userGroups: field(word, EQ_NEQ, (entity) => entity.userGroups.map((group) => group.id)),
    app: field(number, EQ_NEQ, (entity) => [entity.appData.appId, ...entity.subApps.map((app) => app.appId)]),
    instance: field(number, EQ_NEQ, (entity) => [entity.appData.instance]),
    isExternal: field(flagOrNull, ['eq'], (entity) => [entity.isExternal]),
    domain: field(word, SET, (entity) => known(entity.domain)),
    organization: field(word, SET, (entity) => known(entity.organization)),
    status: field(number, EQ_NEQ, (entity) => [entity.status]),
  };
}

/** E1 of docs/defender-api.md 8.1. */
export const listEntities: Handler = (call) =>
  list(call, call.state.entities, {
    fields: entityFields(call.state.entities),
    mayIgnorePaging: true,
    sorts: {
      date: (entity) => entity.lastSeen ?? '',
      lastSeen: (entity) => entity.lastSeen ?? '',
      severity: (entity) => entity.threatScore ?? -1,
      username: (entity) => entity.displayName,
    },
  });

/** E2 of docs/defender-api.md 8.1. */
export function fetchEntity(call: HandlerCall): Reply {
  const entity = find(call);
  return entity ? ok(entity) : notFound();
}

/** E3 of docs/defender-api.md 8.1: the shape is unknown; the emulator answers a list of the user and its accounts. */
export function retrieveTree(call: HandlerCall): Reply {
  const entity = find(call);
  if (!entity) return notFound();
  const { entities } = call.state;
  const family = entities.filter((other) => other === entity || (entity.email && other.email === entity.email));
  return ok(family.sort((a, b) => b.type - a.type));
}

// The path holds the entity key as JSON in base64.
function find({ state, params }: HandlerCall): Entity | undefined {
  const key = parseJson(Buffer.from(params.pk ?? '', 'base64').toString('utf8'));
  return state.entities.find((entity) => entityKey.same(keyOf(entity), key));
}
