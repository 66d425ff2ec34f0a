import type { Caller } from '../../tool/caller.ts';
import { clientNamed, createProgress, traceOf } from '../call_meta.ts';
import { isObject, type JsonObject } from '../json_object.ts';
import type { Methods } from '../methods.ts';
import type { Outcome } from '../outcome.ts';
import { prepare } from '../prepared.ts';
import { createListen, type Listen } from './listen.ts';
import { createQuestions } from './question.ts';
import { type Exchange, META, type ModernRequest, REVISION } from './request.ts';

type Handler = (request: ModernRequest, exchange: Exchange) => Promise<Outcome<object>>;

interface Handlers extends Pick<Listen, 'end'> {
  /** By the name of the method. */
  readonly handlers: ReadonlyMap<string, Handler>;
}

/** How long a host may keep a list, ms. It stays the same as long as the server runs. */
const LIST_TTL_MS = 300_000;

/** The methods of this era. Each result says what it is, who gives it, and how long it is good. */
export function createHandlers(methods: Methods): Handlers {
  const complete: Complete = ({ _meta, ...result }) => ({
    resultType: 'complete',
    ...result,
    _meta: { ...(isObject(_meta) && _meta), [META.serverInfo]: methods.serverInfo },
  });
  const fixed = (list: object, cacheScope: 'public' | 'private') =>
    prepare(complete({ ...list, ttlMs: LIST_TTL_MS, cacheScope }));
  const always = (list: object): Handler => {
    const result = fixed(list, 'public');
    return async () => ({ result });
  };
  // Who may only read sees a shorter list than others.
  const [all, reads] = [fixed(methods.listTools(true), 'private'), fixed(methods.listTools(false), 'private')];
  const { capabilities, instructions } = methods;
  const { listen, end } = createListen(methods, complete);
  const handlers = new Map<string, Handler>([
    ['server/discover', always({ supportedVersions: [REVISION], capabilities, instructions })],
    ['tools/list', async (_request, { identity }) => ({ result: (identity?.mayWrite ?? true) ? all : reads })],
    ['tools/call', toolCall(methods, complete)],
    ['resources/list', always(methods.listResources())],
    ['resources/templates/list', always(methods.listResourceTemplates())],
    ['resources/read', resourceRead(methods, complete)],
    ['prompts/list', always(methods.listPrompts())],
    ['prompts/get', promptGet(methods, complete)],
    ['completion/complete', completion(methods, complete)],
    ['subscriptions/listen', listen],
  ]);
  return { handlers, end };
}

type Complete = (result: JsonObject) => object;

function resourceRead(methods: Methods, complete: Complete): Handler {
  return async (request, exchange) => {
    const read = await methods.readResource(textOf(request.params.uri), callerOf(request, exchange));
    // It is read afresh each time, and tells of the tenant.
    return 'refusal' in read ? read : { result: complete({ ...read.result, ttlMs: 0, cacheScope: 'private' }) };
  };
}

function promptGet(methods: Methods, complete: Complete): Handler {
  return async ({ params }) => {
    const got = await methods.getPrompt(textOf(params.name), params.arguments);
    return 'refusal' in got ? got : { result: complete({ ...got.result }) };
  };
}

function completion(methods: Methods, complete: Complete): Handler {
  return async (request, exchange) => {
    const { ref, argument } = request.params;
    const [owner, typed] = [isObject(ref) ? ref : {}, isObject(argument) ? argument : {}];
    const typing = { owner: textOf(owner.name ?? owner.uri), argument: textOf(typed.name), value: textOf(typed.value) };
    return { result: complete({ ...(await methods.complete(typing, callerOf(request, exchange))) }) };
  };
}

/** A call whose person has to be asked is answered with the question; the answer comes with the same call again. */
function toolCall(methods: Methods, complete: Complete): Handler {
  const questions = createQuestions();
  return async (request, exchange) => {
    const { name, arguments: args } = request.params;
    const ended = new AbortController();
    const { question, ...ways } = questions.of(request, () => ended.abort());
    const signal = AbortSignal.any([exchange.signal, ended.signal]);
    const caller = { ...callerOf(request, { ...exchange, signal }), ...ways, ...questions.answeredOf(request.params) };
    const called = await methods.callTool(textOf(name), args, caller);
    if ('refusal' in called) return called;
    return { result: complete(question() ?? called.result) };
  };
}

function callerOf({ meta }: ModernRequest, { session, identity, signal, notify }: Exchange): Caller {
  return {
    signal,
    progress: createProgress(meta, signal, (params) =>
      notify({ jsonrpc: '2.0', method: 'notifications/progress', params }),
    ),
    client: { session: session(), identity, ...clientNamed(meta[META.clientInfo]) },
    ...traceOf(meta),
  };
}

/** Required members have been checked when the request was read. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
