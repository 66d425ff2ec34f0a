import { expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const TIME = 1_767_600_000_000;
const idOf = (n: number) => n.toString(16).padStart(24, '0');
const alert = (n: number, timestamp: unknown = TIME - n, more: object = {}) => ({ _id: idOf(n), timestamp, ...more });

function replies({ emulator }: Fixture, ...pages: object[]): void {
  for (const page of pages) emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(page) });
}

interface Answer {
  readonly alerts: readonly { readonly id: string }[];
  readonly total?: number;
  readonly has_more: boolean;
  readonly cursor?: string;
}

async function list({ call }: Fixture, args: object): Promise<Answer> {
  const result = await call('mdca_list_alerts', { ...args });
  expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
  return result.structuredContent as unknown as Answer;
}

const lastBody = ({ emulator }: Fixture) => JSON.parse(emulator.requests.at(-1)?.rawBody ?? '{}');

test('a page that comes twice moves no cursor past what has not been read', () =>
  withFixture(async (fixture) => {
    const page = { data: [1, 2, 3].map((n) => alert(n, TIME)), hasNext: true };
    replies(fixture, page, page, page, page, page);
    const { alerts, cursor } = await list(fixture, { limit: 20 });
    expect(alerts).toHaveLength(3);
    replies(fixture, { data: [], hasNext: false });
    fixture.emulator.requests.length = 0;
    await list(fixture, { limit: 20, cursor });
    expect(JSON.parse(fixture.emulator.requests[0]?.rawBody ?? '{}')).toMatchObject({
      filters: { date: { lte: TIME } },
      skip: 3,
    });
  }));

test.each([-62_135_596_800_000, TIME - 2 + 0.5, '0001-01-01T00:00:00Z'])(
  'a cursor after an alert of the time %j can be used',
  (odd) =>
    withFixture(async (fixture) => {
      replies(fixture, { data: [alert(1), alert(2, odd)], hasNext: true });
      const { cursor } = await list(fixture, { limit: 2 });
      replies(fixture, { data: [alert(3, odd)], hasNext: false });
      const { alerts } = await list(fixture, { limit: 2, cursor });
      expect(alerts).toMatchObject([{ id: idOf(3) }]);
      expect(lastBody(fixture)).toMatchObject({ filters: { date: { lte: TIME - 1 } }, skip: 2 });
    }),
);

test('the count of a service that ignores a filter is not told as the count of what was asked for', () =>
  withFixture(async (fixture) => {
    const data = [alert(1, TIME, { severityValue: 2 }), alert(2, TIME, { severityValue: 0 })];
    replies(fixture, ...Array.from({ length: 4 }, () => ({ data, hasNext: true, total: 5000 })));
    const answer = await list(fixture, { severity: ['high'] });
    expect(answer).toMatchObject({ returned: 1, has_more: true });
    expect(answer).not.toHaveProperty('total');
  }));

test('what is searched here is counted here', () =>
  withFixture(async ({ call, emulator }) => {
    const names = emulator.state.apps.map(({ name }) => name);
    const meant = names.filter((name) => name.toLowerCase().includes('ox'));
    expect(meant.length).toBeLessThan(names.length);
    const { structuredContent } = await call('mdca_find_apps', { name: 'ox', limit: 1 });
    expect(structuredContent).toMatchObject({ returned: 1, total: meant.length, has_more: true });
  }));

test('a list by severity that goes on says that alerts closed meanwhile hide others from its cursor', () =>
  withFixture(async ({ call }) => {
    const result = await call('mdca_list_alerts', { status: 'open', sort: 'severity', limit: 5 });
    expect(result.structuredContent?.note).toMatch(/closing .* without cursor/);
    expect(textOf(result)).toMatch(/closing .* without cursor/);
    const newest = await call('mdca_list_alerts', { status: 'open', limit: 5 });
    expect(newest.structuredContent).not.toHaveProperty('note');
  }));
