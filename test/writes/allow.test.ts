import { describe, expect, test } from 'vitest';
import { withFixture } from '../fixture.ts';
import { openIds } from '../samples.ts';
import { expectSentOnce } from './writing.ts';

describe('with MDCA_WRITES=allow', () => {
  test('a plan for 100 alerts costs one call, and reading back another', () =>
    withFixture(async (fixture) => {
      const { alerts } = fixture.emulator.state;
      const [first] = alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
      if (!first) throw new Error('The demo tenant has no open alert.');
      const copies = Array.from({ length: 100 }, (_, n) => ({ ...first, _id: n.toString(16).padStart(24, 'c') }));
      alerts.push(...copies);
      const alert_ids = copies.map(({ _id }) => _id);
      const { structuredContent } = await fixture.call('mdca_close_alert_benign', { alert_ids });
      expect(structuredContent).toMatchObject({ status: 'closed', closed: 100 });
      expect(fixture.emulator.requests.map(({ effect }) => effect)).toEqual(['read', 'write', 'read']);
    }));

  test('alerts that are closed already are not sent again', () =>
    withFixture(async (fixture) => {
      const alert_ids = openIds(fixture.emulator.state.alerts, 2);
      await fixture.call('mdca_close_alert_benign', { alert_ids });
      const { structuredContent } = await fixture.call('mdca_close_alert_benign', { alert_ids });
      expect(structuredContent).toMatchObject({ status: 'unchanged', already_closed: alert_ids });
      expectSentOnce(fixture);
    }));
});
