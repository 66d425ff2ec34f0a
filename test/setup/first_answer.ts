import { tmpdir } from 'node:os';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

/** A server as the file of a client holds it. */
interface Entry {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** Asks the first question of a triage, as a client would that has read this entry of its file. */
export async function firstAnswer({ command, args, env }: Entry) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command, args, env, cwd: tmpdir(), stderr: 'ignore' }));
  const answer = await client.callTool({ name: 'mdca_get_open_alerts', arguments: { limit: 1 } });
  await client.close();
  return answer;
}
