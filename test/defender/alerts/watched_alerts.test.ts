import { expect, test } from 'vitest';
import { watchedAlerts } from '../../../src/defender/alerts/watched_alerts.ts';
import { createAlertService, idOf, openAlerts, reply } from './service.ts';

const [ASKED, OTHER] = [idOf(10), idOf(11)];

test('a subscribed alert is found by its id, even if the service prints it in capitals', async () => {
  const service = createAlertService(openAlerts([ASKED.toUpperCase()]));
  const contents = await watchedAlerts.read([ASKED], service.api());
  expect(JSON.parse(contents.get(ASKED) ?? '{}')).toMatchObject({ id: ASKED, status: 'open' });
});

test('alerts that nobody asked for are left out, and do not take the place of those that were', async () => {
  const service = createAlertService([]);
  const pages = [[OTHER], [ASKED]];
  service.faults.read = () => reply(200, { data: openAlerts(pages.shift() ?? []), hasNext: pages.length > 0 });
  const contents = await watchedAlerts.read([ASKED], service.api());
  expect([...contents.keys()]).toEqual([ASKED]);
});
