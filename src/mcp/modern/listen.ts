import { isObject, type JsonObject, presentMembers } from '../json_object.ts';
import type { Methods } from '../methods.ts';
import type { Outcome } from '../outcome.ts';
import { type Exchange, META, type ModernRequest } from './request.ts';

export interface Listen {
  /** Ends subscriptions: those of such callers, or all. */
  end(isGone?: (identity: Exchange['identity']) => boolean): void;
  /** Resolves when the subscriptions are over. */
  listen(request: ModernRequest, exchange: Exchange): Promise<Outcome<object>>;
}

/** One client may listen to so many resources at once; each is polled. */
const MOST_RESOURCES = 100;

/** `subscriptions/listen`: a request that is answered when the subscription ends; until then come notifications. */
export function createListen(methods: Methods, complete: (result: JsonObject) => object): Listen {
  const open = new Set<Open>();
  return {
    end(isGone = () => true) {
      for (const { identity, stop } of open) if (isGone(identity)) stop();
    },
    async listen({ id, params }, { identity, signal, notify }) {
      const uris = resourcesOf(params.notifications);
      if (typeof uris === 'string') return { refusal: { kind: 'invalid', message: uris } };
      const _meta = { [META.subscriptionId]: id };
      const send = (method: string, rest: object) => notify({ jsonrpc: '2.0', method, params: { _meta, ...rest } });
      let acknowledge = () => {};
      const acknowledged = new Promise<void>((resolve) => {
        acknowledge = resolve;
      });
      const changed = (uri: string) => acknowledged.then(() => send('notifications/resources/updated', { uri }));
      // Before it waits for anything, so that an end that comes meanwhile ends it, too.
      const { over, stop } = enter(open, identity, signal);
      const { honored, unsubscribe } = await subscribeAll(methods, uris, (uri) => void changed(uri));
      const notifications = honored.length > 0 ? { resourceSubscriptions: honored } : {};
      send('notifications/subscriptions/acknowledged', { notifications });
      acknowledge();
      // Who listens to nothing has nothing to wait for.
      if (honored.length === 0) stop();
      await over;
      unsubscribe();
      return { result: complete({ _meta }) };
    },
  };
}

interface Open {
  readonly identity: Exchange['identity'];
  readonly stop: () => void;
}

/** @returns the resources to listen to, or what is wrong with the filter. There are no other changes to hear of. */
function resourcesOf(filter: unknown): readonly string[] | string {
  if (!isObject(filter)) return 'Params of subscriptions/listen: notifications must be an object.';
  const { resourceSubscriptions: uris = [] } = presentMembers(filter);
  const isList = Array.isArray(uris) && uris.every((uri) => typeof uri === 'string') && uris.length <= MOST_RESOURCES;
  return isList ? [...new Set(uris)] : `resourceSubscriptions must be a list of at most ${MOST_RESOURCES} URIs.`;
}

/** Subscribes to those resources that there are. */
async function subscribeAll(methods: Methods, uris: readonly string[], changed: (uri: string) => void) {
  const subscribe = async (uri: string) => ({ uri, outcome: await methods.subscribe(uri, () => changed(uri)) });
  const done = (await Promise.all(uris.map(subscribe))).flatMap(({ uri, outcome }) =>
    'result' in outcome ? [{ uri, end: outcome.result }] : [],
  );
  const unsubscribe = () => {
    for (const { end } of done) end();
  };
  return { honored: done.map(({ uri }) => uri), unsubscribe };
}

/** Adds a subscription to those that are open. @returns when it is over, and what ends it */
function enter(open: Set<Open>, identity: Exchange['identity'], signal: AbortSignal) {
  let stop = () => {};
  const over = new Promise<void>((resolve) => {
    const entry = { identity, stop: () => stop() };
    stop = () => {
      open.delete(entry);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    open.add(entry);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return { over, stop };
}
