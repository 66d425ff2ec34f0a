import { type IncomingMessage, request } from 'node:http';
import { Pool } from 'undici';

/** Sessions of one server, over as many connections as there are requests in flight. No MCP library takes part. */
export interface HttpClient {
  /** Opens a session, and the stream on which a client waits for what the server announces. */
  open(): Promise<void>;
  /** Sends a request in the next session. @returns ms until its answer was there @throws Error for an error */
  ask(method: string, params?: object): Promise<number>;
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

const HEADERS: Headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };

export function createHttpClient(origin: string, connections: number): HttpClient {
  const pool = new Pool(origin, { connections });
  const sessions: Headers[] = [];
  const streams: IncomingMessage[] = [];
  let last = 0;
  const post = async (message: object, headers: Headers) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const answer = await pool.request({ path: '/mcp', method: 'POST', headers: { ...HEADERS, ...headers }, body });
    return { ...answer, text: await answer.body.text() };
  };
  return {
    async open() {
      const { headers } = await post({ id: ++last, method: 'initialize', params: CLIENT }, {});
      const id = headers['mcp-session-id'];
      if (typeof id !== 'string') throw new Error('initialize gives no session');
      const session = { 'mcp-session-id': id, 'mcp-protocol-version': CLIENT.protocolVersion };
      await post({ method: 'notifications/initialized' }, session);
      streams.push(await openStream(`${origin}/mcp`, session));
      sessions.push(session);
    },
    async ask(method, params = {}) {
      const id = ++last;
      const began = performance.now();
      const { statusCode, text } = await post({ id, method, params }, sessions[id % sessions.length] ?? {});
      const took = performance.now() - began;
      if (statusCode === 200 && text.includes('"result":') && !text.includes('"isError":true')) return took;
      throw new Error(`${method} is answered with ${statusCode} ${text.slice(0, 300)}`);
    },
    async close() {
      for (const stream of streams) stream.destroy();
      await pool.destroy();
    },
  };
}

function openStream(url: string, session: Headers): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // A connection of its own, which lasts as long as the session.
    const asked = request(url, { agent: false, headers: { ...session, accept: 'text/event-stream' } }, (stream) => {
      stream.on('error', () => {}).resume();
      resolve(stream);
    });
    asked.on('error', reject).end();
  });
}
