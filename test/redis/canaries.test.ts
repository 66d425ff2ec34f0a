import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HOOK_SECRET, JSON_HEADERS } from '../door.ts';
import { createStandIns, SECRET, type StandIns } from '../entra/stand_ins.ts';
import { createClient } from '../fixture.ts';
import { leaked } from '../leaked.ts';
import { type Answered, postModern, questionOf } from '../mcp/modern_wire.ts';
import { openIds } from '../samples.ts';
import { describeWith } from './parts.ts';
import { type Behind, startBehindNginx } from './replicas.ts';

const CLOSE = 'mdca_close_alert_benign';
const OPEN = 'mdca://alerts/open';
const PASSWORD = 'Canary-redis-password-0123456789';
const WRITER = 'Canary-writer-key-0123456789abcdefghij';
const READER = 'Canary-reader-key-0123456789abcdefghij';
const STRANGER = 'Canary-stranger-key-0123456789abcdefghi';
const WRONG_HOOK = 'Canary-wrong-hook-0123456789abcdefghijk';

describeWith(['redis-server', 'nginx'], 'two replicas, Redis, Entra and a flow', () => {
  let stand: StandIns;
  let behind: Behind;
  /** Shows every command that Redis is sent, also by scripts. */
  let monitor: Socket;
  let commands = '';
  let audit = '';
  beforeAll(async () => {
    stand = await createStandIns();
    const keys = join(stand.folder, 'keys');
    writeFileSync(keys, `writer ${WRITER}\nreader ${READER} read\n`);
    audit = join(stand.folder, 'audit.jsonl');
    const environment = { ...stand.environment, MDCA_WRITES: 'confirm', MDCA_CALLS_PER_MINUTE: '100000' };
    const files = { MDCA_HTTP_TOKEN_FILE: keys, MDCA_AUDIT_FILE: audit, MDCA_LOG_LEVEL: 'debug' };
    const polls = { MDCA_POLL_SECONDS: '5' };
    behind = await startBehindNginx({ ...environment, ...files, ...polls }, { password: PASSWORD });
    const { hostname, port } = new URL(behind.redis.url);
    monitor = connectTo({ host: hostname, port: Number(port) });
    monitor.on('data', (chunk) => (commands += chunk));
    monitor.write(`AUTH ${PASSWORD}\r\nMONITOR\r\n`);
    await vi.waitFor(() => expect(commands).toMatch(/^\+OK\r\n\+OK/));
  }, 30_000);
  afterAll(async () => {
    monitor.destroy();
    await behind.close();
    await stand.close();
  });

  /** What must stand nowhere; codes and questions of clients join it as they are given out. */
  const secrets = [PASSWORD, WRITER, READER, STRANGER, HOOK_SECRET, WRONG_HOOK, SECRET, 'k'.repeat(32)];
  /** What clients were answered. A client may read its own code there, and nothing else of these. */
  const answers: string[] = [];
  const given: string[] = [];
  const withParts = (text: string) => [text, ...text.split('.').filter((part) => part.length >= 12)];

  const post = (url: string, body: object, headers: Record<string, string>) =>
    fetch(url, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) });

  async function modern(url: string, key: string, args: object, more = {}): Promise<Answered> {
    const answer = await postModern(url, CLOSE, args, more, { 'x-api-key': key });
    answers.push(JSON.stringify(answer));
    return answer;
  }

  async function connect(key: string): Promise<{ client: Client; session: string }> {
    const client = createClient();
    const transport = new StreamableHTTPClientTransport(new URL(behind.url), {
      requestInit: { headers: { 'x-api-key': key } },
    });
    await client.connect(transport);
    return { client, session: transport.sessionId ?? '' };
  }

  async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
    const answer = await client.callTool({ name, arguments: args }).catch((error) => ({ error: String(error) }));
    answers.push(JSON.stringify(answer));
    return JSON.stringify(answer);
  }

  /** By code, with one that was used, one that is altered, and one of another caller. */
  async function closeByCode(): Promise<void> {
    const { client, session } = await connect(WRITER);
    const { client: reader } = await connect(READER);
    await client.subscribeResource({ uri: OPEN });
    given.push(...withParts(session));
    for (const id of openIds(stand.emulator.state.alerts, 4)) {
      const args = { alert_ids: [id], comment: 'Confirmed by the user' };
      const code = /"confirm":"([^"]+)"/.exec(await call(client, CLOSE, args))?.[1] ?? '';
      expect(code.length).toBeGreaterThan(20);
      given.push(...withParts(code));
      expect(await call(reader, CLOSE, { ...args, confirm: code })).toMatch(/isError|error/);
      expect(await call(client, CLOSE, { ...args, confirm: `${code}x` })).toContain('confirm_refused');
      expect(await call(client, CLOSE, { ...args, confirm: code })).toContain('closed 1');
      expect(await call(client, CLOSE, { ...args, confirm: code })).toContain('confirm_refused');
    }
    await client.close();
    await reader.close();
  }

  /** By the answer to a question, at the other replica, once more, and altered. */
  async function closeByQuestion(): Promise<void> {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    for (const id of openIds(stand.emulator.state.alerts, 4)) {
      const args = { alert_ids: [id] };
      const asked = questionOf(await modern(one, WRITER, args));
      given.push(...withParts(asked.requestState));
      const more = { requestState: asked.requestState, inputResponses: asked.agreed };
      expect((await modern(other, READER, args, more)).result).toMatchObject({ isError: true });
      expect(await modern(other, WRITER, args, more)).toMatchObject({ result: { resultType: 'complete' } });
      expect((await modern(one, WRITER, args, more)).error?.message).toMatch(/used before/);
      expect(
        (await modern(one, WRITER, args, { ...more, requestState: `${asked.requestState}x` })).error,
      ).toBeDefined();
    }
  }

  async function deliver(url: string, secret: string): Promise<number> {
    const body = { ProviderAlertId: 'f'.repeat(24), AlertDisplayName: 'Delivered' };
    const response = await post(new URL('/hooks/alert-generated', url).href, body, { 'x-hook-secret': secret });
    answers.push(await response.text());
    return response.status;
  }

  /** Every way in which something is refused. */
  async function failAll(): Promise<void> {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    for (const url of [one, other]) {
      expect((await post(url, {}, { 'x-api-key': STRANGER })).status).toBe(401);
      expect((await post(url, {}, { authorization: `Bearer ${STRANGER}` })).status).toBe(401);
      expect(await deliver(url, WRONG_HOOK)).toBe(401);
    }
    expect([await deliver(one, HOOK_SECRET), await deliver(other, HOOK_SECRET)]).toEqual([200, 200]);
    const { client } = await connect(WRITER);
    stand.emulator.fault({ kind: 'status', status: 500, times: 4 });
    await call(client, 'mdca_get_open_alerts');
    stand.revoke();
    await call(client, 'mdca_get_open_alerts');
    const description = `AADSTS7000215: Invalid client secret provided: ${SECRET}.`;
    const body = { error: 'invalid_client', error_description: description, error_codes: [7000215] };
    stand.answer = () => ({ status: 401, body });
    stand.revoke();
    expect(await call(client, 'mdca_get_open_alerts')).toContain('AADSTS7000215');
    await client.close();
  }

  test('show no secret, key, code or token in a log line, metric, error, audit line or anything in Redis', async () => {
    await closeByCode();
    await closeByQuestion();
    await failAll();
    const metrics = await Promise.all(
      behind.replicas.map(async ({ url }) => {
        const response = await fetch(new URL('/metrics', url), { headers: { 'x-api-key': READER } });
        return response.text();
      }),
    );
    expect(metrics.join('')).toContain('mdca_calls_total{tool="mdca_close_alert_benign",code="ok"}');
    const keys = await behind.redis.client.keys('*');
    const held = await Promise.all(
      keys.map(async (key) => `${key} ${(await behind.redis.client.dumpBuffer(key))?.toString('latin1')}`),
    );
    const trail = readFileSync(audit, 'utf8');
    expect(trail.split('\n').length).toBeGreaterThan(16);
    const places = {
      logs: behind.replicas.map(({ stderr }) => stderr()).join(''),
      stdout: behind.replicas.map(({ stdout }) => stdout()).join(''),
      metrics: metrics.join(''),
      trail,
      held: held.join('\n'),
      commands,
    };
    // Something passed through each of them, sealed messages from one replica to the other included.
    expect(places.stdout).toBe('');
    expect(places.logs).toContain('"tool":"mdca_close_alert_benign"');
    expect(commands.match(/"publish"/gi)?.length).toBeGreaterThan(20);
    const tokens = stand.issued.flatMap((token) => [token, ...token.split('.').slice(1)]);
    expect(tokens.length).toBeGreaterThan(3);
    expect(given.length).toBeGreaterThan(16);
    const all = [...secrets, ...tokens, ...given];
    for (const [place, text] of Object.entries(places))
      expect({ place, leaked: leaked(text, all) }).toEqual({ place, leaked: [] });
    for (const answer of answers) expect(leaked(answer, [...secrets, ...tokens])).toEqual([]);
  }, 60_000);
});
