import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, stateOf } from '../fixture.ts';
import { agrees } from '../writes/writing.ts';
import { hostScript, launch, WITHOUT_BROWSER } from './browser.ts';
import { type BoardOptions, drawAll, type OpenBoard, withBoard } from './open_board.ts';

let client: { browser: Browser; script: string };

const rows = ({ view }: OpenBoard): Locator => view.locator('.queue .row');
const button = ({ view }: OpenBoard, name: string | RegExp): Locator => view.getByRole('button', { name });
const firstId = async (board: OpenBoard) => (await rows(board).first().getAttribute('data-id')) ?? '';
const said = ({ view }: OpenBoard): Locator => view.getByRole('status');
const alertOf = ({ emulator }: OpenBoard, id: string) => emulator.state.alerts.find(({ _id }) => _id === id);

/** Opens the first alert, and fills in the form that closes it as benign. */
async function askToClose(board: OpenBoard): Promise<string> {
  const id = await firstId(board);
  await rows(board).first().click();
  await button(board, 'Close alert…').click();
  await board.view.getByRole('radio', { name: /^Benign/ }).check();
  await board.view.getByRole('combobox', { name: 'Reason' }).selectOption('confirmed_with_end_user');
  await board.view.getByRole('textbox', { name: /^Comment/ }).fill('Travel, says the user');
  await button(board, 'Show the plan').click();
  return id;
}

/** The answer of a list with so many alerts, made of the demo tenant's. */
async function manyAlerts({ call }: OpenBoard, count: number): Promise<object> {
  const { structuredContent, ...rest } = await call('mdca_get_open_alerts');
  const { alerts } = structuredContent as { alerts: object[] };
  const many = Array.from({ length: count }, (_, n) => ({ ...alerts[n % 20], id: String(n).padStart(24, '0') }));
  const value = { ...structuredContent, alerts: many, returned: count, total: count, has_more: false };
  return { ...rest, structuredContent: value };
}

/** Of the page that shows the board, px: both sides. */
const BODY_MARGINS = 16;
/** What of the page can be worked with, and is cut off at its side or lies over a neighbour. */
const CUT_OR_COVERED = `(() => {
  const boxOf = (element) => element.getBoundingClientRect();
  const isSeen = (element) => boxOf(element).width > 1;
  const all = [...document.querySelectorAll('button, input, select, textarea, h1, h2, .row > *')].filter(isSeen);
  const cut = all.filter((element) => boxOf(element).left < 0 || boxOf(element).right > innerWidth);
  const covered = [...document.querySelectorAll('.row')].flatMap((row) => [...row.children].filter((one) =>
    [...row.children].some((other) => one !== other && isSeen(other) && boxOf(one).left < boxOf(other).right - 1 &&
      boxOf(other).left < boxOf(one).right - 1 && boxOf(one).top < boxOf(other).bottom - 1 &&
      boxOf(other).top < boxOf(one).bottom - 1)));
  return [...cut, ...covered].map(({ outerHTML }) => outerHTML);
})()`;

/** What a tenant may hold: long and right-to-left names, many places, and next to nothing. */
const ODD_ROWS = [
  { title: 'A title that never ends, '.repeat(9), users: [{ id: 'a', name: 'Ada-Maria '.repeat(9) }, { id: 'b' }] },
  {
    title: 'פעילות חריגה',
    users: [{ id: 'c', name: 'דוד כהן' }],
    countries: ['IL', 'EG', 'JO', 'SA', 'AE', 'QA', 'OM'],
  },
  { title: undefined, severity: undefined, created: undefined, users: [], ips: [], countries: [] },
  { status: 'false_positive', users: [{ id: 'd', name: 'Unbroken'.repeat(20) }] },
];

describe.skipIf(WITHOUT_BROWSER !== undefined)(`the board${WITHOUT_BROWSER ? ` (${WITHOUT_BROWSER})` : ''}`, () => {
  beforeAll(async () => {
    client = { browser: await launch(), script: await hostScript() };
  });
  afterAll(() => client.browser.close());

  /** Opens a board with the open alerts; at the end it must have done nothing that no page may do. */
  const open = (run: (board: OpenBoard) => Promise<void>, options?: BoardOptions) =>
    withBoard(
      client,
      async (board) => {
        await board.show();
        await rows(board).first().waitFor();
        await run(board);
        expect(board.offences).toEqual([]);
      },
      options,
    );

  test('shows severity, age, title, user and place of each alert, within 500 px', () =>
    open(async (board) => {
      expect(await rows(board).count()).toBe(20);
      const text = await rows(board).first().innerText();
      expect(text.split(/\s*\n\s*/)).toEqual([
        'High',
        'Impossible travel activity',
        'Avery Example',
        'Ireland, South Africa',
        expect.stringMatching(/^\d+ min$/),
      ]);
      expect(await board.view.getByRole('heading', { level: 1 }).innerText()).toBe('Open alerts');
      const heights = board.noted.flatMap(({ height }) => (height === undefined ? [] : [Number(height)]));
      expect(Math.max(...heights)).toBeLessThanOrEqual(500);
    }));

  test('filters by text and severity, sorts, and groups by user, policy or title', () =>
    open(async (board) => {
      const { view } = board;
      await view.getByRole('searchbox').fill('avery ireland');
      expect(await rows(board).count()).toBe(1);
      await view.getByRole('searchbox').fill('no such thing');
      expect(await view.locator('.foot').innerText()).toContain('No alert matches the filter.');
      await view.getByRole('searchbox').fill('');
      await button(board, /^Low \d+$/).click();
      const severities = await view.locator('.queue .row .severity').allInnerTexts();
      expect(new Set(severities)).toEqual(new Set(['Low']));
      await button(board, /^Low \d+$/).click();
      await view.getByRole('combobox', { name: 'Sort' }).selectOption('gravest');
      expect((await view.locator('.queue .row .severity').allInnerTexts()).at(-1)).toBe('Info');
      for (const [grouping, heading] of [
        ['user', 'Avery Example'],
        ['policy', 'Impossible travel'],
        ['title', 'Mass download'],
      ] as const) {
        await view.getByRole('combobox', { name: 'Group' }).selectOption(grouping);
        expect(await view.getByRole('heading', { level: 2, name: new RegExp(`^${heading} \\d+$`) }).count()).toBe(1);
        expect(await rows(board).count()).toBe(20);
      }
    }));

  describe('at no width anything is cut off, or lies over a neighbour', () => {
    const options = { hostContext: { availableDisplayModes: ['inline', 'fullscreen'] } };
    const expectWhole = async ({ page, view }: OpenBoard) => {
      for (const width of [320, 620, 760, 1000]) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => view.evaluate('innerWidth')).toBe(width - BODY_MARGINS);
        expect(await view.evaluate(CUT_OR_COVERED), `${width} px`).toEqual([]);
      }
    };

    test('from the queue to the plan', () =>
      open(async (board) => {
        await expectWhole(board);
        await rows(board).first().click();
        await board.view.locator('.others .row').first().waitFor();
        await expectWhole(board);
        await button(board, 'Close alert…').click();
        await board.view.getByRole('radio', { name: /^Benign/ }).check();
        await expectWhole(board);
        await button(board, 'Show the plan').click();
        await board.view.locator('pre').waitFor();
        await expectWhole(board);
      }, options));

    test('whatever a tenant holds', () =>
      withBoard(
        client,
        async (board) => {
          const { structuredContent, ...rest } = await board.call('mdca_get_open_alerts');
          const { alerts } = structuredContent as { alerts: object[] };
          const odd = ODD_ROWS.map((row, n) => ({ ...alerts[n], ...row }));
          await board.send({ ...rest, structuredContent: { ...structuredContent, alerts: odd } });
          await expect.poll(() => rows(board).count()).toBe(4);
          await expectWhole(board);
        },
        options,
      ));
  });

  test('says that nothing is open, and offers no filter for nothing', () =>
    withBoard(client, async (board) => {
      const { structuredContent, ...rest } = await board.call('mdca_get_open_alerts');
      const value = { ...structuredContent, alerts: [], returned: 0, total: 0, has_more: false };
      await board.send({ ...rest, structuredContent: value });
      await board.view.getByText('No alert is open.').waitFor();
      expect(await board.view.getByRole('searchbox').count()).toBe(0);
      const closed = { status: 'closed' };
      await board.send({ ...rest, structuredContent: value }, closed);
      await board.view.getByText('No alert is in this list.').waitFor();
    }));

  test('loads more by the cursor, and reads the list again', () =>
    open(async (board) => {
      await button(board, 'Load more').click();
      await expect.poll(() => rows(board).count()).toBe(40);
      const { name, arguments: args } = board.called.findLast((call) => call.name === 'mdca_get_open_alerts') ?? {};
      expect({ name, args }).toEqual({ name: 'mdca_get_open_alerts', args: { cursor: expect.any(String) } });
      await button(board, 'Refresh').click();
      await expect.poll(() => rows(board).count()).toBe(20);
    }));

  test('shows who did what, when and from where, marks risky sources, and lists other alerts of the user', () =>
    open(async (board) => {
      const { view } = board;
      await rows(board).first().click();
      await view.locator('.timeline li').first().waitFor();
      expect(await view.locator('.timeline').innerText()).toContain('New-InboxRule: Move to RSS Feeds');
      expect(await view.locator('.timeline li[data-risky=true]').count()).toBe(5);
      expect(await view.locator('.timeline li[data-risky=true]').first().innerText()).toContain('risky');
      expect(await view.locator('.places li').allInnerTexts()).toEqual([
        expect.stringMatching(/^Johannesburg, South Africa\s*risky\s*203\.0\.113\.71/),
        expect.stringMatching(/^Dublin, Ireland\s*corporate\s*192\.0\.2\.60/),
      ]);
      await expect.poll(() => view.locator('.others .row').count()).toBeGreaterThan(0);
      await button(board, 'Portal').click();
      await expect.poll(() => board.noted.at(-1)).toEqual({ link: { url: expect.stringContaining('/#/alerts/') } });
      await button(board, 'Queue').click();
      expect(await view.locator('article').count()).toBe(0);
    }));

  test('closes an alert only after the phrase of the plan, and tells the model', () =>
    open(async (board) => {
      const before = stateOf(board);
      const id = await askToClose(board);
      const phrase = board.view.getByRole('textbox', { name: 'Type close 1, 1 high to confirm' });
      await phrase.waitFor();
      expect(await board.view.locator('pre').innerText()).toMatch(/^Close 1 of 1 alerts as benign \(reason confirmed_/);
      for (const wrong of ['', 'close', 'yes']) {
        await phrase.fill(wrong);
        await button(board, 'Confirm').click();
        await board.view.getByText('That is not the phrase.').waitFor();
      }
      expect(stateOf(board)).toEqual(before);
      await phrase.fill(' Close 1, 1 HIGH ');
      await phrase.press('Enter');
      await expect.poll(() => said(board).innerText()).toBe('Closed 1 alert as benign.');
      expect(alertOf(board, id)).toMatchObject({ resolutionStatusValue: 4, comment: 'Travel, says the user' });
      expect(await firstId(board)).not.toBe(id);
      await expect.poll(() => JSON.stringify(board.noted)).toContain(`Closed 1 alert as benign. ${id}`);
    }));

  test('declining changes nothing', () =>
    open(async (board) => {
      const before = stateOf(board);
      const id = await askToClose(board);
      await button(board, 'Decline').click();
      await expect.poll(() => said(board).innerText()).toBe('Nothing was changed.');
      await button(board, 'Close alert…').click();
      await button(board, 'Cancel').click();
      expect(stateOf(board)).toEqual(before);
      expect(await firstId(board)).toBe(id);
    }));

  test('marks an alert as read, by a plan too', () =>
    open(async (board) => {
      const id = await firstId(board);
      await rows(board).first().click();
      await button(board, 'Mark read').click();
      await board.view.getByRole('textbox', { name: /^Type mark read 1/ }).fill('mark read 1, 1 high');
      await button(board, 'Confirm').click();
      await expect.poll(() => said(board).innerText()).toBe('Marked 1 alert as read.');
      expect(alertOf(board, id)?.statusValue).toBe(1);
      expect(await button(board, 'Mark read').count()).toBe(0);
    }));

  const declines: Person = () => ({ action: 'decline' });
  test.each([
    ['types the phrase there', agrees, 4, /^Closed 1 alert as benign/],
    ['declines there', declines, 0, /Nothing was written: the person at the client declined/],
  ])('a client that can ask does so itself; the person %s', (_what, person, state, told) =>
    open(
      async (board) => {
        const id = await askToClose(board);
        await expect
          .poll(() => board.view.locator('.said').allInnerTexts())
          .toContainEqual(expect.stringMatching(told));
        expect(alertOf(board, id)?.resolutionStatusValue).toBe(state);
      },
      { person },
    ),
  );

  test('an alert that arrives is shown and said', () =>
    open(
      async (board) => {
        await expect.poll(() => board.called.filter(({ name }) => name === 'mdca_wait_for_alerts').length).toBe(2);
        const body = JSON.stringify({ title: 'Fresh out of the oven' });
        await fetch(`${board.emulator.url}/__emulator/alerts`, { method: 'POST', body });
        await expect.poll(() => rows(board).first().innerText()).toMatch(/new\s+Fresh out of the oven/);
        expect(await said(board).innerText()).toBe('New alert: Fresh out of the oven');
        expect(await rows(board).count()).toBe(21);
      },
      { environment: { MDCA_POLL_SECONDS: '5' } },
    ));

  test('a further answer of the same list takes the place of the first', () =>
    open(
      async (board) => {
        const id = await firstId(board);
        await board.call('mdca_close_alert_benign', { alert_ids: [id] });
        await board.show();
        await expect.poll(() => firstId(board)).not.toBe(id);
        expect(await rows(board).count()).toBe(20);
      },
      { environment: { MDCA_WRITES: 'allow' } },
    ));

  test('shows an error as text, and offers the open alerts', () =>
    withBoard(client, async (board) => {
      await board.show('mdca_get_alert', { alert_id: 'f'.repeat(24) });
      await board.view.getByText('not_found').waitFor();
      await button(board, 'Show open alerts').click();
      await rows(board).first().waitFor();
    }));

  test('shows an alert that the model has asked for, without taking the focus, and leads to the queue', () =>
    withBoard(client, async (board) => {
      const alert_id = board.emulator.state.alerts[0]?._id;
      await board.show('mdca_get_alert', { alert_id });
      await board.view.locator('.timeline li').first().waitFor();
      expect(await board.view.evaluate('document.activeElement === document.body')).toBe(true);
      await button(board, 'All open alerts').click();
      await expect.poll(() => rows(board).count()).toBe(20);
    }));

  test('fills the screen on request, and gives it back', () =>
    open(
      async (board) => {
        await button(board, 'Full screen').click();
        await expect.poll(() => button(board, 'Full screen').getAttribute('aria-pressed')).toBe('true');
        await button(board, 'Full screen').click();
        await expect.poll(() => button(board, 'Full screen').getAttribute('aria-pressed')).toBe('false');
      },
      { hostContext: { availableDisplayModes: ['inline', 'fullscreen'] } },
    ));

  test('draws a part of 1,000 alerts at first, and all of them when they are gone through', () =>
    open(async (board) => {
      await board.send(await manyAlerts(board, 1000));
      await expect.poll(() => board.view.locator('.queue .bar').innerText()).toContain('1000');
      // A key in the filter may replace every row that is drawn, which takes most of its time.
      expect(await rows(board).count()).toBeLessThanOrEqual(48);
      await drawAll(board, 1000);
    }));

  test('draws as many of 1,000 alerts as a tall screen shows, where nothing can be scrolled', () =>
    open(
      async (board) => {
        const { page, view } = board;
        await board.send(await manyAlerts(board, 1000));
        await button(board, 'Full screen').click();
        await page.evaluate("document.querySelector('iframe').style.height = '3000px'");
        const isFull = `(({ scrollHeight, clientHeight }) => clientHeight > 2500 && scrollHeight > clientHeight)(
          document.querySelector('.queue .scroll'))`;
        await expect.poll(() => view.evaluate(isFull)).toBe(true);
        expect(await rows(board).count()).toBeLessThan(1000);
      },
      { hostContext: { availableDisplayModes: ['inline', 'fullscreen'] } },
    ));
});
