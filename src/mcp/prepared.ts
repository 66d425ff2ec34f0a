/** Not enumerable, so it is no member of the JSON. */
const JSON_TEXT = Symbol('json');

/** Makes the JSON of a result once that many sessions are sent. It must hold nothing of the tenant, and not change. */
export function prepare<Result extends object>(result: Result): Result {
  return Object.defineProperty(result, JSON_TEXT, { value: JSON.stringify(result) });
}

/** The JSON that was made of a value beforehand, if any. */
export function preparedJson(value: unknown): string | undefined {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, JSON_TEXT) : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** As `JSON.stringify`, but copies a result that was prepared. */
export function toJson(message: object): string {
  if (!('result' in message) || preparedJson(message.result) === undefined) return JSON.stringify(message);
  const members = Object.entries(message).filter(([, value]) => value !== undefined);
  return `{${members.map(([name, value]) => `"${name}":${preparedJson(value) ?? JSON.stringify(value)}`).join(',')}}`;
}
