import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { createAuth } from '../../src/http/auth.ts';
import type { ServiceRequest, ServiceResponse } from '../../src/http/layers.ts';
import { request, response } from './loopback.ts';

const TOKEN = 'R2Vuz0LkQ+x/8aYt0123456789abcdefghijklmnopqrstuvwxyz0123456789AB==';

/** Sends once through the layer to a service that gives this answer. */
async function exchange(answer: ServiceResponse = response(), asked: ServiceRequest = request()) {
  const seen: ServiceRequest[] = [];
  const got = await createAuth(async () => ({ scheme: 'Token', secret: TOKEN }))(async (sent) => {
    seen.push(sent);
    return answer;
  })(asked);
  return { got, seen };
}

describe('the credential', () => {
  test('is added in the scheme Token, and the rest of the request stays', async () => {
    const asked = request({ headers: { accept: 'application/json' } });
    const { seen } = await exchange(response(), asked);
    const headers = { accept: 'application/json', authorization: `Token ${TOKEN}` };
    expect(seen).toEqual([{ ...asked, headers }]);
    expect(seen[0]?.ticket).toBe(asked.ticket);
  });

  test('does not reach the layers above', async () => {
    const asked = Object.freeze(request({ headers: Object.freeze({ accept: 'application/json' }) }));
    const { got } = await exchange(response(200, { 'x-own': '1' }), asked);
    expect(JSON.stringify([asked, got])).not.toContain(TOKEN);
  });

  test('replaces an authorization header that is there already', async () => {
    const { seen } = await exchange(response(), request({ headers: { authorization: 'Bearer other' } }));
    expect(seen[0]?.headers).toEqual({ authorization: `Token ${TOKEN}` });
  });
});

describe('the credential in an answer', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['unchanged', TOKEN],
    ['with its scheme', `Token ${TOKEN}`],
    ['encoded for a URL', encodeURIComponent(TOKEN)],
    ['in base64', base64(TOKEN)],
    ['with its scheme in base64', base64(`Token ${TOKEN}`)],
    ['in base64url', Buffer.from(TOKEN).toString('base64url')],
    ['in hex', Buffer.from(TOKEN).toString('hex')],
  ])('is withheld when it is echoed %s', async (_form, echo) => {
    const { got } = await exchange(response(200, {}, `{"a":"<${echo}>","b":"${echo}"}`));
    expect(got.body).not.toContain(echo);
    expect(got.body).toMatch(/\[withheld\].*\[withheld\]/);
  });

  // JSON encoders escape + in .NET, = in Java and / in PHP; the parser above this layer would undo that.
  test.each([
    ['+', '\\u002B'],
    ['=', '\\u003d'],
    ['/', '\\/'],
  ])('is withheld when JSON escapes its %s', async (sign, escaped) => {
    const { got } = await exchange(response(200, {}, `{"a":"${TOKEN.replaceAll(sign, escaped)}"}`));
    expect(JSON.stringify(JSON.parse(got.body))).not.toContain(TOKEN);
  });

  test('is withheld in headers', async () => {
    const { got } = await exchange(response(302, { location: `https://x.example/?t=${TOKEN}`, 'x-echo': TOKEN }));
    expect(JSON.stringify(got.headers)).not.toContain(TOKEN);
  });
});

test('text in an answer that looks like a JSON escape is left as it is', async () => {
  const text = fc
    .array(fc.constantFrom('\\', '\\\\', 'u0041', 'u0022', '\\u0041', '"', '\\"', 'x', '\u0041'))
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (title) => {
      const { got } = await exchange(response(200, {}, JSON.stringify({ title })));
      expect(JSON.parse(got.body)).toEqual({ title });
    }),
  );
});

test('an answer without the credential is passed on unchanged', async () => {
  const answer = response(418, { 'x-own': '1' }, '{"a":"é😀","token":"Token"}');
  expect((await exchange(answer)).got).toEqual(answer);
});

test('a fault is passed on unchanged', async () => {
  const fault = new Fault('timeout', 'planted');
  const send = createAuth(async () => ({ scheme: 'Token', secret: TOKEN }))(async () => {
    throw fault;
  });
  await expect(send(request())).rejects.toBe(fault);
});

test('the credential is read anew for each attempt, and withheld from the answer to that attempt', async () => {
  const secrets = ['first-secret-0123456789', 'second-secret-0123456789'];
  let attempts = 0;
  const send = createAuth(async () => ({ scheme: 'Bearer', secret: secrets[attempts++] ?? '' }))(async ({ headers }) =>
    response(200, {}, `you sent ${headers.authorization}`),
  );
  expect((await send(request())).body).toBe('you sent Bearer [withheld]');
  expect((await send(request())).body).toBe('you sent Bearer [withheld]');
  expect(attempts).toBe(2);
});

/** The body of an answer after it has passed a layer with this credential. */
async function passed(secret: string, body: string): Promise<string> {
  const send = createAuth(async () => ({ scheme: 'Token', secret }))(async () => response(200, {}, body));
  return (await send(request())).body;
}

describe('what is withheld', () => {
  test('is the whole credential and nothing around it', async () => {
    const forms = [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('hex')];
    for (const form of forms) expect(await passed(TOKEN, `a ${form} b`)).toBe('a [withheld] b');
    expect(await passed(TOKEN, `a ${TOKEN.toUpperCase()} b`)).toBe('a [withheld] b');
  });

  test.each(['', 'x', 'xy'])('is its base64 inside that of a longer text, after %j', async (before) => {
    for (const after of ['', '!', '!!', '!!!']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const body = Buffer.from(`${before}${TOKEN}${after}`).toString(encoding);
        // What is left encodes neighbouring bytes too.
        expect(await passed(TOKEN, body), after).toMatch(/^.{0,4}\[withheld\].{0,7}$/);
      }
    }
  });

  test('is a run of 16 letters and digits of it, as escapes break it only at other characters', async () => {
    const run = 'abcdefghij012345';
    for (const secret of [`${run}+short+x`, `short++${run}`]) {
      expect(await passed(secret, `&#43;${run}&#43;`)).toBe('&#43;[withheld]&#43;');
      expect(await passed(secret, 'a short word')).toBe('a short word');
    }
    expect(await passed(`${run.slice(1)}+x`, `&#43;${run.slice(1)}&#43;`)).toBe(`&#43;${run.slice(1)}&#43;`);
  });

  test('is the longest form that stands there', async () => {
    const run = 'abcdefghij012345';
    expect(await passed(`${run}+${run}6`, `<${run}6>`)).toBe('<[withheld]>');
  });

  test('is no form of less than eight characters, which could be there by chance', async () => {
    expect(await passed('abcdefg', 'abcdefg')).toBe('abcdefg');
    expect(await passed('abcdefg', Buffer.from('abcdefg').toString('hex'))).toBe('[withheld]');
    expect(await passed('abcdefgh', 'abcdefgh')).toBe('[withheld]');
    expect(await passed('', 'anything')).toBe('anything');
    expect(await passed('ab', 'ab cabbage')).toBe('ab cabbage');
  });
});

describe('JSON escapes', () => {
  const escaped = (text: string) => text.replace(/./g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

  test.each(['"', '"\\\\', '"\\\\\\\\'])('of the whole credential hide nothing of it, after %s', async (before) => {
    expect(await passed(TOKEN, `${before}${escaped(TOKEN)}"`)).toBe(`${before}[withheld]"`);
    expect(await passed(TOKEN, `${before}${escaped(TOKEN).toUpperCase().replaceAll('U', 'u')}"`)).toBe(
      `${before}[withheld]"`,
    );
  });

  test.each(['\\u0041', '\\\\\\u0041', '\\\\u0041', '\\\\\\\\u0041', '\\u000a\\u0022\\u005c', '\\u0080\\u00e9\\u0141'])(
    '%s keep their meaning',
    async (text) => {
      expect(JSON.parse(await passed(TOKEN, `"${text}"`))).toBe(JSON.parse(`"${text}"`));
    },
  );
});
