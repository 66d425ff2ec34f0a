import { afterEach, expect, test, vi } from 'vitest';
import { JSON_HEADERS, withDoor } from '../../door.ts';
import { openIds } from '../../samples.ts';
import { ASKS, metaOf, questionOf, REVISION } from '../modern_wire.ts';

const CLOSE = 'mdca_close_alert_benign';
const HEADERS = { ...JSON_HEADERS, 'mcp-protocol-version': REVISION, 'mcp-method': 'tools/call', 'mcp-name': CLOSE };

afterEach(() => vi.useRealTimers());

test('an answer is taken for 5 minutes, and one that comes later writes nothing', () =>
  withDoor(async ({ post, emulator }) => {
    const begun = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: begun });
    const args = { alert_ids: openIds(emulator.state.alerts, 1) };
    const call = async (more: object = {}) => {
      const params = { name: CLOSE, arguments: args, ...more, _meta: metaOf(ASKS) };
      return Object(await (await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, HEADERS)).json());
    };
    const [late, inTime] = [questionOf(await call()), questionOf(await call())];
    vi.setSystemTime(begun + 300_000);
    expect(await call({ requestState: late.requestState, inputResponses: late.agreed })).toMatchObject({
      error: { code: -32_602, message: expect.stringContaining('after more than 5 minutes') },
    });
    expect(emulator.requests.filter(({ effect }) => effect === 'write')).toEqual([]);
    vi.setSystemTime(begun + 299_999);
    expect(await call({ requestState: inTime.requestState, inputResponses: inTime.agreed })).toMatchObject({
      result: { structuredContent: { status: 'closed' } },
    });
  }));
