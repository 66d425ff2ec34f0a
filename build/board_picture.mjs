// Draws docs/board-light.png and docs/board-dark.png: the alert board with the demo tenant. With --measure it draws
// nothing, and prints how long the board takes with 1,000 alerts. Needs a build, and Chromium.
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';

const pathOf = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const BROWSER = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
const [HOST, VIEW] = ['http://host.test/', 'http://view.test/'];
const STYLE =
  'body { margin: 0; padding: 16px; background: light-dark(#fff, #131416) } iframe { width: 100%; border: 1px solid light-dark(#dcdfe4, #3b3e44); border-radius: 8px }';
/** How often something is measured; the middle counts. */
const TIMES = 9;

const client = new Client({ name: 'picture', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({ command: process.execPath, args: [pathOf('dist/main.js'), '--demo'], stderr: 'ignore' }),
);
const [{ text: board }] = (await client.readResource({ uri: 'ui://mdca/board.html' })).contents;
const build = await rolldown({ input: pathOf('test/board/host_page.mjs'), platform: 'browser' });
const script = (await build.generate({ format: 'es' })).output[0].code;
const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
if (process.argv.includes('--measure')) await measure();
else for (const theme of ['light', 'dark']) await draw(theme);
await browser.close();
await client.close();

/** Opens the board in the page of a client. */
async function open(theme, viewport) {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1.5, colorScheme: theme });
  const page = await context.newPage();
  const html = `<!doctype html><style>:root { color-scheme: ${theme} } ${STYLE}</style><body>`;
  await page.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: route.request().url() === HOST ? html : board }),
  );
  await page.exposeFunction('note', () => {});
  await page.exposeFunction('callTool', async (request) => ({ result: await client.callTool(request) }));
  await page.goto(HOST);
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction('globalThis.openView');
  const hostContext = { theme, availableDisplayModes: ['inline', 'fullscreen'] };
  await page.evaluate(`openView(${JSON.stringify({ url: VIEW, hostContext })})`);
  const view = page.frames().find((frame) => frame.url() === VIEW);
  const send = (result) => page.evaluate(`sendResult({}, ${JSON.stringify(result)})`);
  return { context, page, view, send };
}

async function draw(theme) {
  const { context, page, view, send } = await open(theme, { width: 1000, height: 532 });
  await send(await client.callTool({ name: 'mdca_get_open_alerts', arguments: {} }));
  await view.locator('.row', { hasText: 'High' }).first().click();
  await view.locator('.timeline li').first().waitFor();
  await view.locator('.others .row, .evidence .quiet:text("None found.")').first().waitFor();
  const path = pathOf(`docs/board-${theme}.png`);
  await page.screenshot({ path });
  process.stdout.write(`docs/board-${theme}.png\n`);
  await context.close();
}

/** Shows 1,000 alerts, made from those of the demo tenant, and prints how long it takes until they can be seen. */
async function measure() {
  const { context, page, view } = await open('light', { width: 900, height: 600 });
  const { structuredContent, ...rest } = await client.callTool({
    name: 'mdca_get_open_alerts',
    arguments: { limit: 60 },
  });
  const { alerts } = structuredContent;
  const many = Array.from({ length: 1000 }, (_, n) => ({ ...alerts[n % alerts.length], id: `${n}`.padStart(24, '0') }));
  const result = { ...rest, structuredContent: { ...structuredContent, alerts: many, returned: 1000, total: 1000 } };
  await page.evaluate(`globalThis.result = ${JSON.stringify(result)}`);
  await view.evaluate(`{
    addEventListener('message', ({ data, timeStamp }) => {
      if (data.method === 'ui/notifications/tool-result') globalThis.came = timeStamp;
    });
    new MutationObserver(() => {
      if (document.querySelector('.row')) requestAnimationFrame(() => setTimeout(() => { globalThis.drawn ??= performance.now(); }));
    }).observe(document.body, { childList: true, subtree: true });
  }`);
  await page.evaluate('sendResult({}, result)');
  await view.waitForFunction('globalThis.drawn');
  const first = Math.round(await view.evaluate('drawn - came'));
  const keys = [];
  for (const text of ['m', 'ma', 'mas', 'mass', 'mas', 'ma', 'm', '', 'i'].slice(0, TIMES)) {
    keys.push(
      await view.evaluate(`new Promise((resolve) => {
        const input = document.getElementById('search');
        const began = performance.now();
        input.value = ${JSON.stringify(text)};
        input.dispatchEvent(new Event('input', { bubbles: true }));
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
      })`),
    );
  }
  keys.sort((a, b) => a - b);
  process.stdout.write(
    `1,000 alerts: first rows ${first} ms after the answer; a key in the filter ${Math.round(keys[TIMES >> 1])} ms ` +
      `(middle of ${TIMES}, the slowest ${Math.round(keys.at(-1))} ms)\n`,
  );
  await context.close();
}
