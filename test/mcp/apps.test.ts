import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { textOf, tools, withFixture } from '../fixture.ts';
import { ROOT } from '../process.ts';

const BOARD = 'ui://mdca/board.html';

test('the tools that answer with alerts name the board, and the server has it', () =>
  withFixture(async ({ client }) => {
    expect(client.getServerCapabilities()?.extensions).toEqual({ 'io.modelcontextprotocol/ui': {} });
    const { tools: listed } = await client.listTools();
    const withBoard = listed.flatMap(({ name, _meta }) => (_meta?.ui ? [[name, _meta.ui]] : []));
    expect(withBoard).toEqual([
      ['mdca_get_alert', { resourceUri: BOARD }],
      ['mdca_get_open_alerts', { resourceUri: BOARD }],
      ['mdca_list_alerts', { resourceUri: BOARD }],
    ]);
    const { contents } = await client.readResource({ uri: BOARD });
    expect(contents).toEqual([
      {
        uri: BOARD,
        mimeType: 'text/html;profile=mcp-app',
        text: expect.stringMatching(/^<!doctype html>/),
        _meta: {
          ui: {
            csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
            prefersBorder: true,
          },
        },
      },
    ]);
  }));

test('a client without pages is told of none', () =>
  withFixture(async ({ client }) => {
    const { resources } = await client.listResources();
    expect(resources.filter(({ uri }) => uri.startsWith('ui:'))).toEqual([]);
    await expect(client.readResource({ uri: 'ui://mdca/other.html' })).rejects.toThrow(/Resources: mdca:(?!.*ui:)/);
  }));

test('the phrase of a plan is for a page alone: no model reads it', () =>
  withFixture(
    async (fixture) => {
      const alert_ids = [fixture.emulator.state.alerts[0]?._id];
      const plan = await fixture.call('mdca_close_alert_benign', { alert_ids });
      expect(plan._meta).toEqual({ 'defender-cloud-apps/phrase': 'close 1, 1 high' });
      expect(`${textOf(plan)}${JSON.stringify(plan.structuredContent)}`).not.toContain('close 1, 1 high');
      const { confirm } = plan.structuredContent ?? {};
      const closed = await fixture.call('mdca_close_alert_benign', { alert_ids, confirm });
      expect(closed._meta).toBeUndefined();
      expect((await fixture.call('mdca_get_open_alerts'))._meta).toBeUndefined();
    },
    { environment: { MDCA_WRITES: 'confirm' } },
  ));

test('the board is one page of at most 60 kB compressed that names no place to load from', () => {
  const page = readFileSync(`${ROOT}dist/board.html`, 'utf8');
  expect(gzipSync(page).length).toBeLessThanOrEqual(60_000);
  // But for the namespace of drawings, which nothing loads.
  expect(
    page.match(/\b(?:https?|wss?):\/\/[^"'`\s]*/g)?.filter((url) => !url.startsWith('http://www.w3.org/')),
  ).toEqual([]);
  expect(page).not.toMatch(/@import|url\(/);
});

test('pages belong to tools that read', () => {
  for (const { name, effect, ui } of tools) if (ui !== undefined) expect(effect, name).toBe('read');
});
