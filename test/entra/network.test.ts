import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNetwork } from '../../src/entra/network.ts';

const asked: string[] = [];
const server = createServer(({ url = '' }, response) => {
  asked.push(url);
  response.end('{"token":"t"}');
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const options = { peer: 'Entra authority test', timeoutMs: 5_000, proxy: false };

test('no other host, scheme or port is asked than that of the authority, whatever MSAL is told', async () => {
  const { module, takeFault } = createNetwork({ ...options, only: 'https://login.microsoftonline.us' });
  for (const url of [
    `${origin}/token`,
    'https://login.microsoftonline.us.example/token',
    'https://login.microsoftonline.us:444/token',
    'http://login.microsoftonline.us/token',
  ]) {
    const elsewhere = { code: 'sign_in_failed', detail: 'The Entra authority test names an address on another host.' };
    await expect(module.sendPostRequestAsync(url, { body: 'client_secret=s' })).rejects.toMatchObject(elsewhere);
    await expect(module.sendGetRequestAsync(url)).rejects.toMatchObject(elsewhere);
    expect(takeFault()).toMatchObject(elsewhere);
  }
  expect(asked).toEqual([]);
});

test('what is no address of the web is not asked, and is no defect of this server', async () => {
  const { module, takeFault } = createNetwork({ ...options, only: undefined });
  for (const url of ['nonsense/token', 'file:///etc/passwd', 'http://', 'https://a b/', '', 'unix:/run/token']) {
    await module.sendGetRequestAsync(url).catch(() => {});
    expect(takeFault(), url).toMatchObject({ code: 'sign_in_failed', remedy: expect.stringContaining('IDENTITY') });
  }
  expect(asked).toEqual([]);
});

test('the authority is asked at its own path, and a fault is told once', async () => {
  const { module, takeFault } = createNetwork({ ...options, only: origin });
  const answer = await module.sendGetRequestAsync(`${origin}/token?a=b`);
  expect(answer).toMatchObject({ status: 200, body: { token: 't' } });
  expect(asked).toEqual(['/token?a=b']);
  expect(takeFault()).toBeUndefined();
  await expect(module.sendGetRequestAsync('https://127.0.0.1:1/')).rejects.toThrow('another host');
  expect(takeFault()?.detail).toContain('another host');
  expect(takeFault()).toBeUndefined();
});
