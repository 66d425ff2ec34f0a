import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostScript, launch, WITHOUT_BROWSER } from './browser.ts';
import { type BoardOptions, type OpenBoard, withBoard } from './open_board.ts';

let client: { browser: Browser; script: string };

describe.skipIf(WITHOUT_BROWSER !== undefined)(`the board${WITHOUT_BROWSER ? ` (${WITHOUT_BROWSER})` : ''}`, () => {
  beforeAll(async () => {
    client = { browser: await launch(), script: await hostScript() };
  });
  afterAll(() => client.browser.close());

  const open = (run: (board: OpenBoard) => Promise<void>, options?: BoardOptions) => withBoard(client, run, options);

  test('rows render', () =>
    open(async ({ view, show, noted, offences }) => {
      await show();
      await view.locator('.row').first().waitFor();
      expect(await view.locator('.row').count()).toBe(20);
      console.log(await view.locator('.row').first().innerText(), noted.at(-1), offences);
    }));
});
