import type { Handler, HandlerCall } from '../handler.ts';
import { parseJson } from '../json.ts';
import { type Fields, field } from '../query/filter.ts';
import { entityKey, flag, number, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Entity } from '../records.ts';
import { notFound, ok, type Reply } from '../reply.ts';

const EQ_NEQ = ['eq', 'neq'] as const;
const SET = [...EQ_NEQ, 'isset', 'isnotset'] as const;

const keyOf = ({ id, appData }: Entity) => ({ id, saas: appData.saas, inst: appData.instance });

/** The filters of docs/defender-api.md 8.2. */
const entityFields: Fields<Entity> = {
  type: field(number, EQ_NEQ, (entity) => [entity.type]),
  isAdmin: field(flag, ['eq'], (entity) => [entity.isAdmin]),
  entity: field(entityKey, EQ_NEQ, (entity) => [keyOf(entity)]),
  userGroups: field(word, EQ_NEQ, (entity) => entity.userGroups.map((group) => group.id)),
  app: field(number, EQ_NEQ, (entity) => [entity.appData.appId, ...entity.subApps.map((app) => app.appId)]),
  instance: field(number, EQ_NEQ, (entity) => [entity.appData.instance]),
  isExternal: field(flag, ['eq'], (entity) => [entity.isExternal]),
  domain: field(word, SET, (entity) => [entity.domain]),
  organization: field(word, SET, ({ organization }) => (organization === null ? [] : [organization])),
  status: field(number, EQ_NEQ, (entity) => [entity.status]),
};

/** E1 of docs/defender-api.md 8.1. */
export const listEntities: Handler = (call) =>
  list(call, call.state.entities, {
    fields: entityFields,
    sorts: {
      date: (entity) => entity.lastSeen,
      lastSeen: (entity) => entity.lastSeen,
      severity: (entity) => entity.threatScore,
      username: (entity) => entity.displayName,
    },
  });

/** E2 of docs/defender-api.md 8.1. */
export function fetchEntity(call: HandlerCall): Reply {
  const entity = find(call);
  return entity ? ok(entity) : notFound();
}

/** E3 of docs/defender-api.md 8.1: the shape is unknown; the emulator answers a list with the account alone. */
export function retrieveTree(call: HandlerCall): Reply {
  const entity = find(call);
  return entity ? ok([entity]) : notFound();
}

// The path holds the entity key as JSON in base64.
function find({ state, params }: HandlerCall): Entity | undefined {
  const key = parseJson(Buffer.from(params.pk ?? '', 'base64').toString('utf8'));
  return state.entities.find((entity) => entityKey.same(keyOf(entity), key));
}
