import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { preparedJson } from './prepared.ts';

/**
 * Passes every text that the server sends through a filter, as the last step before the transport: what has been taken
 * apart in the service's answer may have been put together again when its text was made plain.
 */
export function withholdSent(server: Server, withhold: (text: string) => string): void {
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(filtered(message, withhold), options);
    return connect(transport);
  };
}

/** The id stays, because it is the client's. */
function filtered(message: JSONRPCMessage, withhold: (text: string) => string): JSONRPCMessage {
  // That was prepared before there was anything of the tenant.
  if ('result' in message && preparedJson(message.result) !== undefined) return message;
  const json = JSON.stringify(message);
  if (withhold(json) === json) return message;
  const id = 'id' in message ? message.id : undefined;
  return JSON.parse(json, (key, value) => {
    return typeof value !== 'string' || (key === 'id' && value === id) ? value : withhold(value);
  });
}
