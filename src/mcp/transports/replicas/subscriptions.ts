import { isObject } from '../../json_object.ts';

/** A change of what a session is subscribed to. */
interface Change {
  readonly uri: string;
  readonly isSubscribed: boolean;
}

const METHODS: ReadonlyMap<unknown, boolean> = new Map([
  ['resources/subscribe', true],
  ['resources/unsubscribe', false],
]);

/** What the messages of a POST change. */
export function subscriptionsIn(body: string): readonly Change[] {
  // Most bodies are not read a second time.
  if (!body.includes('subscribe')) return [];
  const value: unknown = JSON.parse(body);
  return [value].flat().flatMap((message) => {
    if (!isObject(message) || !isObject(message.params) || typeof message.params.uri !== 'string') return [];
    const isSubscribed = METHODS.get(message.method);
    return isSubscribed === undefined ? [] : [{ uri: message.params.uri, isSubscribed }];
  });
}
