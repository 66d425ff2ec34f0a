import { Pool } from 'undici';
import { RECORDING } from './paths.ts';
import type { Recording } from './record.ts';
import { readJson } from './rpc.ts';

/** The measured request alone: sent, read and parsed by this process, without an MCP server. */
export interface Bare {
  /** Makes this many, one after the other. @returns their latencies, ms */
  requests(count: number): Promise<number[]>;
  close(): Promise<void>;
}

export function openBare(origin: string): Bare {
  const { request, headers }: Recording = readJson(RECORDING);
  const pool = new Pool(origin);
  const method = request.method === 'GET' ? 'GET' : 'POST';
  return {
    async requests(count) {
      const latencies: number[] = [];
      for (let n = 0; n < count; n++) {
        const began = performance.now();
        const { body } = await pool.request({ path: request.path, method, body: request.body || null, headers });
        JSON.parse(await body.text());
        latencies.push(performance.now() - began);
      }
      return latencies;
    },
    close: () => pool.close(),
  };
}
