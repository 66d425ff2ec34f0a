import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Log } from '../log.ts';

export interface StdioDoor {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** Serves one client over two streams; resolves when the client is gone. */
export async function serveStdio(server: Server, { stdin, stdout, log }: StdioDoor): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    // The SDK's transport listens to neither: without this the process would outlive its client.
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => resolve());
    // A listener for each error: an unheard EPIPE would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, () => resolve());
    const closed = server.onclose;
    server.onclose = () => {
      closed?.();
      resolve();
    };
  });
  // The SDK adds a listener for each message that waits for a full pipe.
  stdout.setMaxListeners(0);
  // A line that is no JSON-RPC is skipped; what it held is not logged.
  server.onerror = (error) => log.warn('protocol', { error });
  await server.connect(new StdioServerTransport(stdin, stdout));
  await gone;
}
