import { expect, test } from 'vitest';
import { installLinks } from '../../src/setup/install_links.ts';

const [code, cursor] = installLinks('the-package');
const npx = { command: 'npx', args: ['-y', 'the-package'] };
const reference = (source: string, name: string) => `$${'{'}${source}:${name}}`;

test('the link for VS Code holds an entry of mcp.json, and asks for URL and token', () => {
  const [scheme, query = ''] = code?.link.split('?') ?? [];
  expect(scheme).toBe('vscode:mcp/install');
  expect(JSON.parse(decodeURIComponent(query))).toEqual({
    name: 'mdca',
    type: 'stdio',
    ...npx,
    env: { MDCA_API_URL: reference('input', 'mdca-url'), MDCA_API_TOKEN: reference('input', 'mdca-token') },
    inputs: [
      { type: 'promptString', id: 'mdca-url', description: expect.any(String) },
      { type: 'promptString', id: 'mdca-token', description: expect.any(String), password: true },
    ],
  });
  expect(new URL(code?.page ?? '').searchParams.get('url')).toBe(code?.link);
});

test('the link for Cursor holds an entry of mcp.json, which takes URL and token from the environment', () => {
  for (const link of [cursor?.link, cursor?.page]) {
    const { searchParams } = new URL(link ?? '');
    expect(searchParams.get('name')).toBe('mdca');
    expect(JSON.parse(Buffer.from(searchParams.get('config') ?? '', 'base64').toString())).toEqual({
      ...npx,
      env: { MDCA_API_URL: reference('env', 'MDCA_API_URL'), MDCA_API_TOKEN: reference('env', 'MDCA_API_TOKEN') },
    });
  }
});
