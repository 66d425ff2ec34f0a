import { describe, expect, test } from 'vitest';
import { startHarness } from './harness.ts';

describe('a service that', () => {
  test('ignores a known filter answers as if it were not there', async () => {
    const { post, emulator } = await startHarness({ ignoredFilters: ['severity', 'read'] });
    const filters = { severity: { eq: 2 }, read: { eq: true }, alertOpen: { eq: true } };
    const open = emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
    expect((await post('/api/v1/alerts/', { filters })).json.total).toBe(open.length);
  });

  test('ignores the ids of a close closes every open alert', async () => {
    const { post, emulator } = await startHarness({ ignoredFilters: ['id'] });
    await post('/api/v1/alerts/close_benign/', { filters: { id: { eq: ['0'.repeat(24)] } } });
    expect(emulator.state.alerts.every(({ resolutionStatusValue }) => resolutionStatusValue !== 0)).toBe(true);
  });

  test.each(['/api/v1/entities/', '/api/v1/discovery/discovered_apps/'])(
    'ignores paging answers the same page of %s again and again',
    async (path) => {
      const { post, emulator } = await startHarness({ ignoredPaging: true });
      const first = (await post(path, { limit: 2 })).json;
      expect((await post(path, { limit: 2, skip: 2 })).json).toEqual(first);
      expect(first.data.length).toBeGreaterThan(2);
      expect((await post('/api/v1/alerts/', { limit: 2 })).json.data).toHaveLength(2);
      expect(emulator.requests).toHaveLength(3);
    },
  );

  test('counts only so far says that there are more', async () => {
    const { post, emulator } = await startHarness({ totalUpTo: 50 });
    const { json } = await post('/api/v1/alerts/', { limit: 100 });
    expect(json).toMatchObject({ total: 50, moreThanTotal: true, hasNext: false });
    expect(json.data).toHaveLength(emulator.state.alerts.length);
    const few = await post('/api/v1/alerts/', { filters: { resolutionStatus: { eq: 1 } } });
    expect(few.json.moreThanTotal).toBe(false);
  });
});
