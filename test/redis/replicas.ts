import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { HOOK_SECRET } from '../door.ts';
import { freePort } from '../free_port.ts';
import { type Running, serverOf, start } from '../process.ts';
import { type RealRedis, startPart, startRedis } from './parts.ts';

/** Real replicas of the built server behind a real nginx, which sends each request to the next one. */
export interface Behind {
  /** Of the MCP endpoint at nginx. */
  readonly url: string;
  readonly redis: RealRedis;
  /** Those that were started, in order; each with its own URL. */
  readonly replicas: readonly Replica[];
  /** Starts one in the place of one that has ended. */
  restart(index: number): Promise<void>;
  close(): Promise<void>;
}

interface Replica extends Running {
  readonly url: string;
}

export interface BehindOptions {
  readonly key?: 'mdca' | 'mdca-demo';
  readonly count?: number;
  /** Of Redis. */
  readonly password?: string;
}

export async function startBehindNginx(
  environment: Record<string, string>,
  { key = 'mdca', count = 2, password }: BehindOptions = {},
): Promise<Behind> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  writeFileSync(join(folder, 'key'), 'k'.repeat(32));
  writeFileSync(join(folder, 'hook'), HOOK_SECRET);
  const redis = await (password ? startRedis(['--requirepass', password], { password }) : startRedis());
  const ports = await Promise.all(Array.from({ length: count + 1 }, freePort));
  const [own = 0, ...others] = ports;
  const files = { MDCA_SIGNING_KEY_FILE: join(folder, 'key'), MDCA_HOOK_SECRET_FILE: join(folder, 'hook') };
  const redisUrl = password ? redis.url.replace('://', `://:${password}@`) : redis.url;
  const env = { MDCA_REDIS_URL: redisUrl, ...files, ...environment };
  const startReplica = async (port: number): Promise<Replica> => {
    const running = start([...serverOf(key).args.slice(1), '--http', String(port)], env);
    await untilTrue(async () => running.stderr().includes('"serving"'));
    return { ...running, url: `http://127.0.0.1:${port}/mcp` };
  };
  const replicas = await Promise.all(others.map(startReplica));
  writeFileSync(join(folder, 'nginx.conf'), configOf(own, others, folder));
  const nginx = startPart('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]);
  const url = `http://127.0.0.1:${own}/mcp`;
  await untilTrue(async () => (await fetch(new URL('/healthz', url))).ok);
  return {
    url,
    redis,
    replicas,
    async restart(index) {
      replicas[index] = await startReplica(others[index] ?? 0);
    },
    async close() {
      for (const { child } of replicas) child.kill('SIGTERM');
      for (const { ended } of replicas) await ended;
      nginx.kill('SIGTERM');
      await redis.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilTrue(isDone: () => Promise<boolean>): Promise<void> {
  const check = async () => {
    if (!(await isDone())) throw new Error('it does not come up');
  };
  await vi.waitFor(check, { timeout: 15_000 });
}

function configOf(port: number, replicas: readonly number[], folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
pid ${folder}/pid;
worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  upstream replicas {
    ${replicas.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join(' ')}
    keepalive 32;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_set_header Host $host;
      proxy_buffering off;
      proxy_read_timeout 1h;
      client_max_body_size 2m;
    }
  }
}
`;
}
