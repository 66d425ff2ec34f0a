import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../../src/core/log.ts';
import { createTokenCheck } from '../../../src/mcp/transports/sign_in/access_tokens.ts';
import { type KeyFile, openKeyFile } from '../../../src/mcp/transports/sign_in/key_file.ts';
import { createSignIn } from '../../../src/mcp/transports/sign_in/sign_in.ts';
import { type OpenDoor, withDoor } from '../../door.ts';
import { callOf } from '../../process.ts';
import { AUDIENCE, type Issuer, startIssuer } from './issuer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
const SOC = 'soc-key-0123456789abcdefghijklmnopqrstuv';
const READER = 'reader-key-0123456789abcdefghijklmnopqrs';
const KEYS = `# callers\nsoc ${SOC}\n\nreader ${READER} read\n`;
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => {
  issuer.close();
  rmSync(folder, { recursive: true });
});

interface SignedIn extends OpenDoor {
  readonly file: string;
  readonly keys: KeyFile;
}

let count = 0;
/** A door with both ways to sign in. */
async function withSignIn(
  run: (open: SignedIn) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const file = join(folder, `keys-${++count}`);
  writeFileSync(file, KEYS);
  const logged: string[] = [];
  const opened = openKeyFile(
    file,
    createLog('debug', (line) => logged.push(line)),
  );
  if ('problems' in opened) throw new Error(opened.problems.join());
  const keys = opened.value;
  const signIn = createSignIn([keys.check, createTokenCheck({ issuer: issuer.url, audience: AUDIENCE })]);
  const env = { MDCA_HTTP_ISSUER: issuer.url, MDCA_HTTP_AUDIENCE: AUDIENCE, ...environment };
  await withDoor(
    async (open) => {
      keys.onRemoved(open.door.endOf);
      await run({ ...open, file, keys });
    },
    { environment: env, signIn },
  );
  keys.close();
}

const swapCase = (text: string) =>
  text.replace(/[a-z]/i, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
const now = () => Math.floor(Date.now() / 1000);
const unsigned = (token: string, header: object) => {
  const [, claims] = token.split('.');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.`;
};

/** What may not come in, by what it is. */
const REFUSED: readonly [string, () => Promise<Record<string, string>> | Record<string, string>][] = [
  ['nothing', () => ({})],
  ['a wrong key', () => bearer('wrong-key-0123456789abcdefghijklmnopqrs')],
  ['a key cut by one character', () => bearer(SOC.slice(0, -1))],
  ['a key with one more character', () => bearer(`${SOC}x`)],
  ['a key in another case', () => bearer(swapCase(SOC))],
  ['the name of a key', () => bearer('soc')],
  ['a whole line of the file', () => bearer(`soc ${SOC}`)],
  ['a key as a password', () => ({ authorization: `Basic ${Buffer.from(`soc:${SOC}`).toString('base64')}` })],
  ['a key without Bearer', () => ({ authorization: SOC })],
  ['a wrong key in a header of its own', () => ({ 'x-api-key': SOC.slice(1) })],
  ['garbage', () => bearer('a.b.c')],
  ['more than any token', () => bearer('x'.repeat(9_000))],
  ['a token for another audience', async () => bearer(await issuer.token({ aud: 'api://other' }))],
  ['a token for a longer audience', async () => bearer(await issuer.token({ aud: `${AUDIENCE}.evil` }))],
  ['a token of another issuer', async () => bearer(await issuer.token({ iss: 'https://evil.example' }))],
  ['a token without an issuer', async () => bearer(await issuer.token({ iss: undefined }))],
  ['an expired token', async () => bearer(await issuer.token({ exp: now() - 70 }))],
  ['a token that never expires', async () => bearer(await issuer.token({ exp: undefined }))],
  ['a token that is not valid yet', async () => bearer(await issuer.token({ nbf: now() + 70 }))],
  ['a token of nobody', async () => bearer(await issuer.token({ oid: undefined }))],
  ['a token without a signature', async () => bearer(unsigned(await issuer.token(), { alg: 'none' }))],
  [
    'a token without a signature, in another case',
    async () => bearer(unsigned(await issuer.token(), { alg: 'NoNe', kid: 'one' })),
  ],
  [
    'HS256 with the public key',
    async () => bearer(await issuer.token({}, { alg: 'HS256' }, new TextEncoder().encode(issuer.pem))),
  ],
  [
    'a key swapped by its kid',
    async () => bearer(await issuer.token({}, {}, (await generateKeyPair('RS256')).privateKey)),
  ],
  [
    'an unknown kid',
    async () => bearer(await issuer.token({}, { kid: 'two' }, (await generateKeyPair('RS256')).privateKey)),
  ],
  [
    'a key in the token itself',
    async () =>
      bearer(
        await issuer.token({}, { kid: undefined, jwk: { kty: 'RSA' } }, (await generateKeyPair('RS256')).privateKey),
      ),
  ],
  [
    'a changed claim',
    async () => {
      const [header, , signature] = (await issuer.token()).split('.');
      const claims = Buffer.from(
        JSON.stringify({ iss: issuer.url, aud: AUDIENCE, exp: now() + 600, oid: 'admin', scp: 'Alerts.Write' }),
      );
      return bearer(`${header}.${claims.toString('base64url')}.${signature}`);
    },
  ],
  ['a good token in the header of keys', async () => ({ 'x-api-key': await issuer.token() })],
];

test('who may not come in gets 401 and why, nothing is called, and nothing of the credential is logged', () =>
  withSignIn(async ({ post, url, emulator, logged }) => {
    for (const [what, headersOf] of REFUSED) {
      const headers = await headersOf();
      for (const answer of [
        await post(callOf(1, 'mdca_get_open_alerts'), headers),
        await fetch(url, { headers: { ...headers, accept: 'text/event-stream' } }),
        await fetch(url, { method: 'DELETE', headers }),
      ]) {
        expect(answer.status, what).toBe(401);
        expect(answer.headers.get('www-authenticate'), what).toMatch(
          /^Bearer .*resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"$/,
        );
        const text = await answer.text();
        for (const sent of Object.values(headers)) {
          const secret = sent.replace(/^\w+ /, '').slice(0, 24);
          expect(text + logged.join(), what).not.toContain(secret.length > 10 ? secret : 'no secret');
        }
      }
    }
    expect(emulator.requests).toEqual([]);
  }));

test.each([
  ['an API key', async () => bearer(SOC)],
  ['an API key in a header of its own', async () => ({ 'x-api-key': SOC })],
  ['a delegated scope', async () => bearer(await issuer.token({ scp: 'openid Alerts.Write' }))],
  ['a role of an app', async () => bearer(await issuer.token({ scp: undefined, roles: ['Alerts.Write'] }))],
  ['a token that has just expired', async () => bearer(await issuer.token({ exp: now() - 30 }))],
  ['a token that is valid in a moment', async () => bearer(await issuer.token({ nbf: now() + 30 }))],
])('%s lets its caller in', (_what, headersOf) =>
  withSignIn(async ({ connect }) => {
    const client = await connect({ headers: await headersOf() });
    const { tools } = await client.listTools();
    expect(tools.some(({ annotations }) => annotations?.readOnlyHint === false)).toBe(true);
  }),
);

test('a token without a scope of ours is 403, and says which it needs', () =>
  withSignIn(async ({ post, emulator }) => {
    for (const claims of [{ scp: 'User.Read' }, { scp: undefined }, { scp: 'alerts.read' }, { scp: ['Alerts.Read'] }]) {
      const answer = await post(LIST, bearer(await issuer.token(claims)));
      expect(answer.status).toBe(403);
      expect(answer.headers.get('www-authenticate')).toMatch(
        /error="insufficient_scope".*scope="api:\/\/mdca\/Alerts\.Read /,
      );
    }
    expect(emulator.requests).toEqual([]);
  }));

describe.each([
  ['a key for reading', async () => bearer(READER)],
  ['a scope for reading', async () => bearer(await issuer.token({ scp: 'Alerts.Read' }))],
])('%s', (_what, headersOf) => {
  test('lists no tool that changes something, and runs none, whatever the policy of writes', () =>
    withSignIn(
      async ({ connect, emulator }) => {
        const client = await connect({ headers: await headersOf() });
        const { tools } = await client.listTools();
        expect(tools.length).toBeGreaterThan(5);
        expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
        const result = await client.callTool({
          name: 'mdca_close_alert_benign',
          arguments: { alert_ids: ['a'.repeat(24)] },
        });
        expect(result).toMatchObject({
          isError: true,
          content: [{ text: expect.stringMatching(/^tool_withheld: .*reading only/) }],
        });
        expect(emulator.requests).toEqual([]);
        expect((await client.callTool({ name: 'mdca_get_open_alerts', arguments: { limit: 1 } })).isError).toBeFalsy();
      },
      { MDCA_WRITES: 'allow' },
    ));
});

test("another caller's session id is 404, for every method", () =>
  withSignIn(async ({ begin, post, url }) => {
    const session = await begin(bearer(SOC));
    const token = bearer(await issuer.token({ oid: 'o2' }));
    for (const headers of [bearer(READER), token]) {
      const of = { ...headers, 'mcp-session-id': session };
      expect((await post(LIST, of)).status).toBe(404);
      expect((await fetch(url, { headers: { ...of, accept: 'text/event-stream' } })).status).toBe(404);
      expect((await fetch(url, { method: 'DELETE', headers: of })).status).toBe(404);
    }
    expect((await post(LIST, { 'mcp-session-id': session })).status).toBe(401);
    expect((await post(LIST, { ...bearer(SOC), 'mcp-session-id': session })).status).toBe(200);
  }));

test("a confirmation code is its caller's alone", () =>
  withSignIn(async ({ post, emulator }) => {
    const open = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0);
    const call = async (more: object, headers: Record<string, string>) => {
      const answer = await post(callOf(1, 'mdca_close_alert_benign', { alert_ids: [open?._id], ...more }), headers);
      const { result } = (await answer.json()) as {
        result: { structuredContent?: { confirm?: string; status: string }; content: { text: string }[] };
      };
      return result;
    };
    const planned = await call({}, bearer(SOC));
    const { confirm } = planned.structuredContent ?? {};
    const other = await call({ confirm }, bearer(await issuer.token()));
    expect(other.content[0]?.text).toMatch(/^confirm_refused: .*another caller/);
    expect(open?.resolutionStatusValue).toBe(0);
    expect((await call({ confirm }, bearer(SOC))).structuredContent?.status).toBe('closed');
  }));

const META = 'io.modelcontextprotocol/';

test('the file is read again when it changes: a new key comes in, and the sessions of a removed one end', () =>
  withSignIn(async ({ begin, post, url, file }) => {
    const session = await begin(bearer(SOC));
    const stream = await fetch(url, {
      headers: { ...bearer(SOC), accept: 'text/event-stream', 'mcp-session-id': session },
    });
    appendFileSync(file, `new ${'n'.repeat(40)}\n`);
    expect((await post(LIST, bearer('n'.repeat(40)))).status).toBe(200);
    expect((await post(LIST, { ...bearer(SOC), 'mcp-session-id': session })).status).toBe(200);
    writeFileSync(file, `reader ${READER} read\n`);
    // Nobody signs in meanwhile, and the stream ends all the same.
    expect(await stream.text()).not.toContain('event: message');
    expect((await post(LIST, bearer(SOC))).status).toBe(401);
    // The same name with another key is another caller.
    writeFileSync(file, `soc ${'s'.repeat(40)}\nreader ${READER} read\n`);
    expect((await post(LIST, { ...bearer('s'.repeat(40)), 'mcp-session-id': session })).status).toBe(404);
    // A key that may do more is the same caller, whose session goes on.
    const own = await begin(bearer(READER));
    writeFileSync(file, `reader ${READER}\n`);
    const answer = await post(LIST, { ...bearer(READER), 'mcp-session-id': own });
    const { result } = (await answer.json()) as { result: { tools: { annotations: { readOnlyHint: boolean } }[] } };
    expect(result.tools.some(({ annotations }) => !annotations.readOnlyHint)).toBe(true);
    writeFileSync(file, `no key\nreader ${READER}\n`);
    expect((await post(LIST, bearer(READER))).status).toBe(200);
    rmSync(file);
    expect((await post(LIST, bearer(READER))).status).toBe(401);
  }));

test.each([
  ['is removed', ''],
  ['may only read from now on', `soc ${SOC} read`],
])('a call without a session ends when its key %s', (_what, line) =>
  withSignIn(async ({ post, emulator, file }) => {
    emulator.fault({ kind: 'hang', times: 0 });
    const message = callOf(1, 'mdca_get_open_alerts', {});
    const meta = { [`${META}protocolVersion`]: '2026-07-28', [`${META}clientCapabilities`]: {} };
    const modern = { ...message, params: { ...message.params, _meta: meta } };
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': message.params.name,
    };
    const calls = [post(message, bearer(SOC)), post(modern, { ...bearer(SOC), ...headers })];
    await expect.poll(() => emulator.requests.length).toBe(2);
    writeFileSync(file, `${line}\nreader ${READER} read\n`);
    // The service never answers.
    for (const response of await Promise.all(calls))
      expect(await response.text()).not.toMatch(/structuredContent|timeout/);
  }),
);

test.each([
  ['is removed', '', /invalid_token/],
  ['may only read from now on', `soc ${SOC} read`, /tool_withheld/],
])('a call whose body is still coming when its key %s is refused', (_what, line, refusal) =>
  withSignIn(
    async ({ emulator, url, file }) => {
      const open = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0);
      const body = JSON.stringify(callOf(1, 'mdca_close_alert_benign', { alert_ids: [open?._id] }));
      const sent = request(url, { method: 'POST', headers: { ...bearer(SOC), 'content-type': 'application/json' } });
      sent.write(body.slice(0, 20));
      const answered = once(sent, 'response');
      await delay(300);
      writeFileSync(file, `${line}\nreader ${READER} read\n`);
      sent.end(body.slice(20));
      const [answer] = await answered;
      expect(await text(answer)).toMatch(refusal);
      expect(emulator.requests.filter(({ effect }) => effect === 'write')).toEqual([]);
      expect(open?.resolutionStatusValue).toBe(0);
    },
    { MDCA_WRITES: 'allow' },
  ),
);

test('a stream does not outlive the token that opened it', () =>
  withSignIn(async ({ begin, url }) => {
    const headers = bearer(await issuer.token({ exp: now() - 58 }));
    const session = await begin(headers);
    const stream = await fetch(url, {
      headers: { ...headers, accept: 'text/event-stream', 'mcp-session-id': session },
    });
    expect(stream.status).toBe(200);
    expect(await stream.text()).not.toContain('event: message');
  }));

test('the caller stands in the audit trail, by name, or by object id and tenant, and nothing of the credential', async () => {
  const audit = join(folder, 'audit.jsonl');
  await withSignIn(
    async ({ post, emulator }) => {
      const ids = emulator.state.alerts
        .filter(({ resolutionStatusValue }) => resolutionStatusValue === 0)
        .map(({ _id }) => _id);
      const token = await issuer.token();
      for (const [n, headers] of [bearer(SOC), bearer(token)].entries()) {
        expect((await post(callOf(1, 'mdca_close_alert_benign', { alert_ids: [ids[n]] }), headers)).status).toBe(200);
      }
      const text = readFileSync(audit, 'utf8');
      const intents = text
        .split('\n')
        .filter((line) => line.includes('"intent"'))
        .map((line) => JSON.parse(line).caller);
      expect(intents).toEqual([{ name: 'soc' }, { name: 'o1', tenant: 't1' }]);
      for (const secret of [SOC, token]) expect(text).not.toContain(secret.slice(0, 24));
      for (const { headers } of emulator.requests) expect(JSON.stringify(headers)).not.toContain(SOC);
    },
    { MDCA_WRITES: 'allow', MDCA_AUDIT_FILE: audit },
  );
});

test('the metadata say who gives tokens, for what, and with which scopes', () =>
  withSignIn(async ({ url }) => {
    for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
      expect(await (await fetch(new URL(path, url))).json()).toEqual({
        resource: url,
        authorization_servers: [issuer.url],
        scopes_supported: ['api://mdca/Alerts.Read', 'api://mdca/Alerts.Write'],
        bearer_methods_supported: ['header'],
        resource_name: 'Microsoft Defender for Cloud Apps',
      });
    }
  }));

test("the issuer's keys are fetched once, and for unknown kids at most once a minute", () =>
  withSignIn(async ({ post }) => {
    issuer.asked.length = 0;
    const good = bearer(await issuer.token());
    const unknown = bearer(await issuer.token({}, { kid: 'three' }));
    for (const headers of [good, good, unknown, unknown, unknown, good]) await post(LIST, headers);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys', '/keys']);
  }));

test('a new key of the issuer is good at once, and known keys stay good where they cannot be fetched again', () =>
  withSignIn(async ({ post }) => {
    const token = await issuer.token();
    expect((await post(LIST, bearer(token))).status).toBe(200);
    const added = await issuer.addKey('next');
    const next = await issuer.token({}, { kid: 'next' }, added);
    const answers = await Promise.all([next, next, token].map((each) => post(LIST, bearer(each))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  }));

test('an unknown kid while the issuer does not answer is 401, and known keys stay good', () =>
  withSignIn(async ({ post }) => {
    const token = bearer(await issuer.token());
    expect((await post(LIST, token)).status).toBe(200);
    issuer.isDown = true;
    expect((await post(LIST, bearer(await issuer.token({}, { kid: 'other' })))).status).toBe(401);
    expect((await post(LIST, token)).status).toBe(200);
    issuer.isDown = false;
  }));

test.each(['', '/'])('an issuer that is set with a slash at its end is the same (%j)', async (slash) => {
  const signIn = createSignIn([createTokenCheck({ issuer: `${issuer.url}${slash}`, audience: AUDIENCE })]);
  await withDoor(
    async ({ post }) => {
      for (const iss of [issuer.url, `${issuer.url}/`]) {
        expect((await post(LIST, bearer(await issuer.token({ iss })))).status).toBe(200);
      }
      expect((await post(LIST, bearer(await issuer.token({ iss: `${issuer.url}//` })))).status).toBe(401);
    },
    { signIn },
  );
});

test('a long token, as one with many groups is, is read', () =>
  withSignIn(async ({ post }) => {
    const groups = Array.from({ length: 200 }, () => crypto.randomUUID());
    expect((await post(LIST, bearer(await issuer.token({ groups })))).status).toBe(200);
  }));

test('a session id says nothing of its caller', () =>
  withSignIn(async ({ begin }) => {
    for (const headers of [bearer(SOC), bearer(await issuer.token())]) {
      const [record = ''] = (await begin(headers)).split('.');
      expect(Buffer.from(record, 'base64url').toString()).not.toMatch(/key:|token:|soc|o1|t1/);
    }
  }));

test('an issuer that does not answer is 503, and is not asked for each request; keys still let callers in', () =>
  withSignIn(async ({ post }) => {
    issuer.isDown = true;
    issuer.asked.length = 0;
    const token = bearer(await issuer.token());
    for (let times = 0; times < 3; times++) expect((await post(LIST, token)).status).toBe(503);
    expect(issuer.asked).toHaveLength(1);
    expect((await post(LIST, bearer(SOC))).status).toBe(200);
    issuer.isDown = false;
  }));
