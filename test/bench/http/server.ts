import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../free_port.ts';
import { memoryOf } from '../memory_of.ts';
import { type Command, launch } from '../rpc.ts';
import { createHttpClient, type HttpClient } from './client.ts';

/** A server over HTTP in a process of its own, with a client of it. */
export interface HttpServer extends HttpClient {
  /** In MB; undefined where the system does not tell. */
  memory(): number | undefined;
}

/** How a server is started so that it listens on a port of loopback. */
export type StartAt = (port: number) => Command;

/** How long a server may take to listen, ms, and how often it is tried. */
const PATIENCE_MS = 20_000;
const TRY_MS = 50;

/** @throws Error that says why the server does not listen */
export async function startHttp(node: string, startAt: StartAt, inFlight: number): Promise<HttpServer> {
  const port = await freePort();
  const running = launch(node, startAt(port));
  const fail = async (why: string): Promise<never> => {
    await running.stop();
    throw new Error(why);
  };
  const began = performance.now();
  while (!(await isOpen(port))) {
    if (performance.now() - began > PATIENCE_MS) await fail(`does not listen within ${PATIENCE_MS / 1000} s`);
    await Promise.race([delay(TRY_MS), running.ended.then(fail)]);
  }
  const client = createHttpClient(`http://127.0.0.1:${port}`, inFlight);
  return {
    ...client,
    memory: () => memoryOf(running.pid),
    async close() {
      await client.close();
      await running.stop();
    },
  };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
