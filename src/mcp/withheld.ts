import { preparedJson } from './prepared.ts';

/**
 * Passes every text of a message that leaves through a filter, as the last step before the transport: what has been
 * taken apart in the service's answer may have been put together again when its text was made plain. The id stays,
 * because it is the client's.
 */
export function withheld<Message extends object>(message: Message, withhold: (text: string) => string): Message {
  // That was prepared before there was anything of the tenant.
  if ('result' in message && preparedJson(message.result) !== undefined) return message;
  const json = JSON.stringify(message);
  if (withhold(json) === json) return message;
  const id = 'id' in message ? message.id : undefined;
  return JSON.parse(json, (key, value) => {
    return typeof value !== 'string' || (key === 'id' && value === id) ? value : withhold(value);
  });
}
