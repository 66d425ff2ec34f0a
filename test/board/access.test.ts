import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostScript, launch, WITHOUT_BROWSER } from './browser.ts';
import { type OpenBoard, withBoard } from './open_board.ts';

let client: { browser: Browser; script: string };

/** What the accessibility checker finds in what is shown now. */
async function violations({ view }: OpenBoard): Promise<string[]> {
  await view.evaluate(axe.source);
  const found: unknown = await view.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html)))`,
  );
  return found as string[];
}

/** Colours of a client that are not ours. */
const SEPIA = {
  '--color-background-primary': 'light-dark(#fbf6ea, #241f17)',
  '--color-background-secondary': 'light-dark(#f1e9d6, #2f291e)',
  '--color-text-primary': 'light-dark(#2c2413, #f3ead6)',
  '--color-text-secondary': 'light-dark(#5f553f, #bfb498)',
  '--font-sans': 'serif',
};

describe.skipIf(WITHOUT_BROWSER !== undefined)(`the board${WITHOUT_BROWSER ? ` (${WITHOUT_BROWSER})` : ''}`, () => {
  beforeAll(async () => {
    client = { browser: await launch(), script: await hostScript() };
  });
  afterAll(() => client.browser.close());

  test(
    'has no violation of accessibility in either theme, whatever it shows',
    () =>
      withBoard(
        client,
        async (board) => {
          const { view, setContext } = board;
          const check = async (what: string) => {
            for (const theme of ['light', 'dark']) {
              await setContext({ theme });
              await expect.poll(() => view.evaluate('document.documentElement.style.colorScheme')).toBe(theme);
              expect(await violations(board), `${what}, ${theme}`).toEqual([]);
            }
          };
          await board.show();
          await view.getByRole('combobox', { name: 'Group' }).selectOption('user');
          await check('the queue, grouped');
          await view.locator('.row').first().click();
          await view.locator('.others .row').first().waitFor();
          await check('an alert');
          await view.getByRole('button', { name: 'Close alert…' }).click();
          await view.getByRole('radio', { name: /^False positive/ }).check();
          await check('the form that closes it');
          await view.getByRole('button', { name: 'Show the plan' }).click();
          await view.locator('pre').waitFor();
          await view.getByRole('button', { name: 'Confirm' }).click();
          await check('the plan, and a wrong phrase');
        },
        { width: 1000 },
      ),
    300_000,
  );

  test('takes the theme, the colours and the font of the client, and its colours only if they go together', () =>
    withBoard(client, async (board) => {
      const { view, setContext } = board;
      const look = () =>
        view.evaluate(`(() => {
        const { backgroundColor, color, fontFamily } = getComputedStyle(document.querySelector('.board'));
        return [backgroundColor, color, fontFamily.split(',')[0]];
      })()`);
      await board.show();
      const light = ['rgb(255, 255, 255)', 'rgb(26, 29, 33)', 'system-ui'];
      await expect.poll(look).toEqual(light);
      await setContext({ theme: 'dark' });
      await expect.poll(look).toEqual(['rgb(27, 28, 31)', 'rgb(236, 238, 241)', 'system-ui']);
      await setContext({ theme: 'light', styles: { variables: { '--color-text-primary': '#ffffff' } } });
      await expect.poll(look).toEqual(light);
      await setContext({ styles: { variables: SEPIA } });
      await expect.poll(look).toEqual(['rgb(251, 246, 234)', 'rgb(44, 36, 19)', 'serif']);
      expect(await violations(board)).toEqual([]);
    }));

  test('a person without a mouse finds an alert, reads it and closes it', () =>
    withBoard(client, async (board) => {
      const { page, view, emulator } = board;
      const focused = () => view.evaluate('document.activeElement.textContent || document.activeElement.id');
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
      };
      /** Tab until the focus is on this, as somebody who sees the ring would. */
      const tabTo = async (name: string) => {
        for (let n = 0; n < 25 && !String(await focused()).includes(name); n++) await press('Tab');
        expect(await focused()).toContain(name);
      };
      await board.show();
      await view.locator('.row').first().waitFor();
      await press('Tab', '/');
      expect(await focused()).toBe('search');
      await page.keyboard.type('impossible');
      await press('ArrowDown', 'End', 'Home', 'ArrowDown');
      expect(await focused()).toContain('Casey Demo');
      await press('Enter');
      await view.locator('.timeline li').first().waitFor();
      expect(await focused()).toBe('Impossible travel activity');
      await press('Escape');
      await expect.poll(focused).toContain('Casey Demo');
      await press('Enter');
      await view.locator('.timeline li').first().waitFor();
      for (let n = 0; n < 3; n++) await press('Shift+Tab');
      await tabTo('Close alert…');
      await press('Enter');
      await view.getByRole('radio').first().waitFor();
      await press('ArrowDown', 'ArrowDown');
      expect(await view.getByRole('radio', { name: /^False positive/ }).isChecked()).toBe(true);
      await press('Tab', 'a', 'Tab');
      await page.keyboard.type('Our own VPN');
      await tabTo('Show the plan');
      await press('Enter');
      const phrase = view.getByRole('textbox', { name: /^Type close 1 / });
      await expect.poll(() => phrase.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
      await page.keyboard.type('close 1');
      await press('Enter');
      await expect.poll(() => view.getByRole('status').innerText()).toBe('Closed 1 alert as false positive.');
      const closed = emulator.state.alerts.filter(({ comment }) => comment === 'Our own VPN');
      expect(closed).toMatchObject([{ resolutionStatusValue: 3 }]);
      // The next alert has the focus, so that one goes on from there.
      await expect.poll(focused).toContain('Impossible travel activity');
    }));
});
