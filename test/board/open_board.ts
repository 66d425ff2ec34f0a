import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Browser, Frame, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type OpenDoor, withDoor } from '../door.ts';
import type { Person } from '../fixture.ts';

const BOARD = 'ui://mdca/board.html';
const HOST_URL = 'http://host.test/';
const VIEW_URL = 'http://view.test/';
const HOST_HTML = '<!doctype html><title>A chat</title><style>iframe { width: 100%; border: 0 }</style><body>';

type Args = Readonly<Record<string, unknown>>;

/** A board in a browser, in the page of a client that is connected to a real server over HTTP. */
export interface OpenBoard extends Pick<OpenDoor, 'emulator'> {
  readonly page: Page;
  readonly client: Client;
  /** The board's own document. */
  readonly view: Frame;
  /** What the board has called so far. */
  readonly called: { name: string; arguments?: Args }[];
  /** What the board has told the client otherwise. */
  readonly noted: Record<string, unknown>[];
  /** What no page may do: load, navigate, open a window, ask in a dialog, fail. */
  readonly offences: string[];
  call(name: string, args?: Args): Promise<CallToolResult>;
  /** Gives the board the answer of a call, as if the model had made it. */
  send(result: object, args?: Args): Promise<void>;
  /** Calls a tool as the model would, and gives the board the answer. */
  show(name?: string, args?: Args): Promise<void>;
  setContext(changed: object): Promise<void>;
}

export interface BoardOptions {
  readonly environment?: Record<string, string>;
  /** With a person the client can ask itself. */
  readonly person?: Person;
  readonly hostContext?: object;
  /** In place of the board. */
  readonly html?: string;
  readonly width?: number;
  readonly prepare?: (open: OpenDoor) => void;
}

/** @param script of the client's page */
export async function withBoard(
  { browser, script }: { readonly browser: Browser; readonly script: string },
  run: (board: OpenBoard) => Promise<void>,
  { environment = {}, person, hostContext = { theme: 'light' }, html, width = 760, prepare }: BoardOptions = {},
): Promise<void> {
  await withDoor(
    async (door) => {
      prepare?.(door);
      const client = await door.connect(person ? { person } : {});
      const context = await browser.newContext({ viewport: { width, height: 800 } });
      try {
        const board = await openIn(await context.newPage(), { door, client, hostContext, script, html });
        await run(board);
      } finally {
        await context.close();
      }
    },
    { environment },
  );
}

/** Goes to the end of the queue until so many rows are drawn: the end moves on as it is reached. */
export async function drawAll({ page, view }: OpenBoard, count: number): Promise<void> {
  const rows = view.locator('.queue .row');
  const next = async () => {
    // A row that is drawn again in another group loses the focus.
    const isThere = await view.evaluate("document.activeElement.matches('.row')");
    if (!isThere) await rows.first().focus();
    await page.keyboard.press('End');
    return rows.count();
  };
  await expect.poll(next).toBe(count);
}

interface Opening {
  readonly door: OpenDoor;
  readonly client: Client;
  readonly hostContext: object;
  readonly script: string;
  readonly html: string | undefined;
}

async function openIn(page: Page, { door, client, hostContext, script, html }: Opening): Promise<OpenBoard> {
  const [called, noted, offences]: [OpenBoard['called'], OpenBoard['noted'], string[]] = [[], [], []];
  const call = async (name: string, args: Args = {}) =>
    (await client.callTool({ name, arguments: args })) as CallToolResult;
  await serve(page, await viewOf(client, html), offences);
  await page.exposeFunction('note', (note: Record<string, unknown>) => void noted.push(note));
  await page.exposeFunction('callTool', async (request: OpenBoard['called'][number]) => {
    called.push(request);
    try {
      return { result: await client.callTool(request) };
    } catch (error) {
      return { error: String(error) };
    }
  });
  await page.goto(HOST_URL);
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction('globalThis.openView');
  await page.evaluate(`openView(${JSON.stringify({ url: VIEW_URL, hostContext })})`);
  const view = page.frames().find((frame) => frame.url() === VIEW_URL);
  if (!view) throw new Error('The client shows no board.');
  const send = async (result: object, args: Args = {}) =>
    void (await page.evaluate(`sendResult(${JSON.stringify(args)}, ${JSON.stringify(result)})`));
  return {
    page,
    client,
    view,
    called,
    noted,
    offences,
    emulator: door.emulator,
    call,
    send,
    show: async (name = 'mdca_get_open_alerts', args = {}) => {
      await page.evaluate(`setContext({ toolInfo: { tool: { name: '${name}', inputSchema: { type: 'object' } } } })`);
      await send(await call(name, args), args);
    },
    setContext: async (changed) => void (await page.evaluate(`setContext(${JSON.stringify(changed)})`)),
  };
}

/** The page as the server gives it, with the policy that the specification makes of what the server declares. */
async function viewOf(client: Client, html: string | undefined): Promise<{ body: string; policy: string }> {
  const [content] = (await client.readResource({ uri: BOARD })).contents;
  if (!content || !('text' in content) || content.mimeType !== 'text/html;profile=mcp-app') {
    throw new Error(`${BOARD} is no page`);
  }
  const { csp } = (content._meta?.ui ?? {}) as { csp?: Record<string, string[]> };
  const of = (name: string) => (csp?.[name] ?? []).join(' ');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'unsafe-inline' ${of('resourceDomains')}`,
    `style-src 'self' 'unsafe-inline' ${of('resourceDomains')}`,
    `connect-src ${of('connectDomains') || "'none'"}`,
    `img-src 'self' data: ${of('resourceDomains')}`,
    `frame-src ${of('frameDomains') || "'none'"}`,
    `base-uri ${of('baseUriDomains') || "'none'"}`,
    "object-src 'none'",
    // Stricter than any client: text cannot become HTML or a script, even where the page would try.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return { body: html ?? content.text, policy };
}

/** Gives the browser the two pages and nothing else, and keeps what it should not have done. */
async function serve(page: Page, { body, policy }: { body: string; policy: string }, offences: string[]) {
  await page.context().route('**/*', async (route) => {
    const url = route.request().url();
    if (url === HOST_URL) return route.fulfill({ contentType: 'text/html', body: HOST_HTML });
    if (url === VIEW_URL) {
      const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
      return route.fulfill({ headers, body });
    }
    offences.push(`loads ${url}`);
    return route.abort();
  });
  page.on('dialog', (dialog) => {
    offences.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => offences.push(`window ${popup.url()}`));
  page.on('pageerror', (error) => offences.push(`fails ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') offences.push(`console ${message.text()}`);
  });
  page.on('framenavigated', (frame) => {
    if (![HOST_URL, VIEW_URL, 'about:blank', ''].includes(frame.url())) offences.push(`navigates to ${frame.url()}`);
  });
}
