import { writeFileSync } from 'node:fs';
import { startService } from './loopback.ts';
import { RECORDING } from './paths.ts';
import { openSession } from './session.ts';
import { ours } from './subjects.ts';
import { type Template, templateOf } from './template.ts';

/** What our server sends and answers, recorded once for the floors to repeat. */
export interface Recording {
  readonly initialize: Template;
  readonly list: Template;
  readonly call: Template;
  readonly request: { readonly method: string; readonly path: string; readonly body: string };
  readonly headers: Readonly<Record<string, string>>;
}

export const CALL = { name: 'mdca_get_open_alerts', arguments: { limit: 20 } };
/** How many alerts the tenant has in every measurement but paging. */
export const ALERTS = 500;

/** Headers that belong to a connection or that every client sets by itself. */
const OWN = ['host', 'connection', 'content-length', 'transfer-encoding'];

export async function record(node: string): Promise<void> {
  const service = await startService(ALERTS);
  const session = await openSession(node, ours(service.origin));
  const call = await session.request('tools/call', CALL);
  const { request } = await service.seen();
  await session.running.stop();
  service.stop();
  if (call.result.isError || call.result.structuredContent?.alerts?.length !== 20 || !request) {
    throw new Error(`the call that is measured fails: ${call.line.subarray(0, 300)}`);
  }
  const { headers, ...rest } = request;
  const sent = Object.entries(headers).filter(([name]) => !OWN.includes(name));
  const recording: Recording = {
    initialize: templateOf(session.initialized),
    list: templateOf(session.listed),
    call: templateOf(call),
    request: rest,
    headers: Object.fromEntries(sent.map(([name, value]) => [name, String(value)])),
  };
  writeFileSync(RECORDING, JSON.stringify(recording));
}
