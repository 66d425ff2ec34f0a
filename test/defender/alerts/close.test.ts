import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/core/errors.ts';
import { closing } from '../../../src/defender/alerts/close.ts';
import type { CloseRequest } from '../../../src/defender/alerts/close_plan.ts';
import type { ClosedAlerts } from '../../../src/defender/alerts/closed_alerts.ts';
import { VERDICTS } from '../../../src/defender/alerts/verdicts.ts';
import type { Approved } from '../../../src/tool/plan.ts';
import { createAlertService, idOf, idsTo, openAlerts, reply } from './service.ts';

type Service = ReturnType<typeof createAlertService>;
type Verdict = keyof typeof VERDICTS;

/** What a plan for these alerts lets through. */
async function approvedOf(service: Service, ids: readonly string[], verdict: Verdict = 'benign') {
  const { targets, current } = await closing(VERDICTS[verdict]).plan({ alert_ids: ids }, service.api());
  const [first, ...others] = targets;
  if (!first) throw new Error('nothing is open');
  service.reads.length = 0;
  const approved: Approved<ClosedAlerts> = { targets: [first, ...others], current };
  return approved;
}

const closeAs = (
  verdict: Verdict,
  service: Service,
  approved: Approved<ClosedAlerts>,
  words: Partial<CloseRequest> = {},
) => closing(VERDICTS[verdict]).commit(approved, words, service.api());
const close = (service: Service, approved: Approved<ClosedAlerts>, words: Partial<CloseRequest> = {}) =>
  closeAs('benign', service, approved, words);
const idsIn = ({ writes }: Service) => writes.map(({ body }) => Reflect.get(Object(body), 'filters').id.eq);

async function setUp(count: number) {
  const ids = idsTo(count);
  const service = createAlertService(openAlerts(ids));
  return { ids, service, approved: await approvedOf(service, ids) };
}

describe('what is closed', () => {
  test('is the approved targets and nothing else that was planned', async () => {
    const { ids, service, approved } = await setUp(3);
    const [first = '', ...others] = ids;
    const [target] = approved.targets;
    const closed = await close(service, { ...approved, targets: [target] });
    expect(idsIn(service)).toEqual([[first]]);
    expect(closed).toMatchObject({ status: 'partial', closed_ids: [first], not_closed: others });
    expect(service.alerts.map(({ resolutionStatusValue }) => resolutionStatusValue)).toEqual([4, 0, 0]);
  });

  test('is sent once and read back once', async () => {
    const { ids, service, approved } = await setUp(2);
    expect(await close(service, approved)).toEqual({
      status: 'closed',
      closed: 2,
      closed_ids: ids,
      already_closed: [],
      not_found: [],
      not_closed: [],
      unknown: [],
      warning: undefined,
    });
    expect(service.writes).toEqual([{ path: '/api/v1/alerts/close_benign/', body: { filters: { id: { eq: ids } } } }]);
    expect(service.reads).toEqual([ids]);
    expect(service.told).toEqual([]);
  });

  test.each([
    ['benign', 4, '/api/v1/alerts/close_benign/'],
    ['false_positive', 3, '/api/v1/alerts/close_false_positive/'],
    ['true_positive', 5, '/api/v1/alerts/close_true_positive/'],
    ['dismissed', 1, '/api/v1/alerts/dismiss_bulk/'],
    ['dismissed', 3, '/api/v1/alerts/dismiss_bulk/'],
    ['resolved', 2, '/api/v1/alerts/resolve/'],
    ['resolved', 5, '/api/v1/alerts/resolve/'],
  ] as const)('as %s has the state %i', async (verdict, becomes, path) => {
    const service = createAlertService(openAlerts(idsTo(1)), becomes);
    const approved = await approvedOf(service, idsTo(1), verdict);
    expect(await closeAs(verdict, service, approved)).toMatchObject({ status: 'closed' });
    expect(service.writes[0]?.path).toBe(path);
  });

  test('but has another state was closed by somebody else', async () => {
    const service = createAlertService(openAlerts(idsTo(1)), 5);
    const approved = await approvedOf(service, idsTo(1));
    service.faults.write = ({ path }, ids) => {
      service.close(path, ids);
      return reply(200, { closed_benign: 0 });
    };
    expect(await close(service, approved)).toMatchObject({ status: 'unchanged', already_closed: idsTo(1) });
  });

  test.each([
    ['benign', 'actual_severity_is_lower', 2],
    ['benign', 'other', 4],
    ['benign', 'confirmed_with_end_user', 5],
    ['benign', 'triggered_by_test', 6],
    ['false_positive', 'not_of_interest', 0],
    ['false_positive', 'too_many_similar_alerts', 1],
    ['false_positive', 'alert_is_not_accurate', 3],
    ['false_positive', 'other', 4],
    ['true_positive', 'other', undefined],
  ] as const)('as %s because of %s is sent with the reason %s', async (verdict, reason, reasonId) => {
    const service = createAlertService(openAlerts(idsTo(1)));
    const approved = await approvedOf(service, idsTo(1), verdict);
    await closeAs(verdict, service, approved, { reason, comment: 'Travel' });
    expect(service.writes[0]?.body).toEqual({ filters: { id: { eq: idsTo(1) } }, comment: 'Travel', reasonId });
  });

  test('is sent without a comment that is empty', async () => {
    const { service, approved } = await setUp(1);
    await close(service, approved, { comment: '' });
    expect(service.writes[0]?.body).not.toHaveProperty('comment');
  });

  test('goes to the audit trail by its outcome', async () => {
    const { ids, service, approved } = await setUp(3);
    const [one = '', two = '', three = ''] = ids;
    const closed = await close(service, { ...approved, targets: [approved.targets[0]] });
    expect(closing(VERDICTS.benign).after(closed)).toEqual({
      [one]: 'closed',
      [two]: 'not_closed',
      [three]: 'not_closed',
    });
  });
});

describe('more than a hundred', () => {
  test('go out in hundreds, and the client hears how far it is', async () => {
    const { ids, service, approved } = await setUp(200);
    expect(await close(service, approved)).toMatchObject({ status: 'closed', closed: 200, warning: undefined });
    expect(idsIn(service)).toEqual([ids.slice(0, 100), ids.slice(100)]);
    expect(service.told).toEqual(['Closed 100 of 200 alerts.', 'Closed 200 of 200 alerts.']);
  });

  test('a hundred go out at once, without a word', async () => {
    const { ids, service, approved } = await setUp(100);
    await close(service, approved);
    expect(idsIn(service)).toEqual([ids]);
    expect(service.told).toEqual([]);
  });

  test('are read again before they are sent; what has changed stays out and is named', async () => {
    const { ids, service, approved } = await setUp(103);
    const [raised = '', closed = '', same = ''] = ids.slice(100);
    service.faults.write = () => {
      for (const alert of service.alerts) {
        if (alert._id === raised) alert.severityValue = 2;
        if (alert._id === closed) alert.resolutionStatusValue = 3;
      }
      return undefined;
    };
    expect(await close(service, approved)).toMatchObject({
      status: 'partial',
      closed: 101,
      not_closed: [raised],
      already_closed: [closed],
      warning:
        `Left out, because changed since the plan: ${raised} was open medium, now open high; ` +
        `${closed} was open medium, now already closed (false_positive).`,
    });
    expect(idsIn(service)).toEqual([ids.slice(0, 100), [same]]);
  });

  test('are not sent where all of them have changed', async () => {
    const { ids, service, approved } = await setUp(101);
    const last = ids[100] ?? '';
    service.faults.write = () => {
      for (const alert of service.alerts) if (alert._id === last) alert.resolutionStatusValue = 5;
      return undefined;
    };
    expect(await close(service, approved)).toMatchObject({
      status: 'partial',
      closed: 100,
      already_closed: [last],
      warning: `Left out, because changed since the plan: ${last} was open medium, now already closed (true_positive).`,
    });
    expect(service.writes).toHaveLength(1);
  });

  test('are not sent where they cannot be read again', async () => {
    const { ids, service, approved } = await setUp(201);
    service.faults.read = (_request, asked) => (asked[0] === ids[100] ? reply(503) : undefined);
    expect(await close(service, approved)).toMatchObject({
      status: 'partial',
      closed_ids: ids.slice(0, 100),
      not_closed: ids.slice(100),
      warning:
        'unavailable: The service answered HTTP 503. Nothing further was sent. ' +
        'The ids in not_closed can be closed by another call.',
    });
    expect(service.writes).toHaveLength(1);
    expect(service.told).toHaveLength(2);
  });

  test.each<[string, (service: Service) => void, object]>([
    [
      'was refused',
      (service) => {
        service.faults.write = (_request, asked) => (asked[0] === idOf(101) ? reply(403) : undefined);
      },
      { status: 'partial', closed: 100, warning: expect.stringMatching(/^forbidden: .* Nothing further was sent\.$/) },
    ],
    [
      'closed more than it named',
      (service) => {
        service.faults.write = ({ path }, asked) => {
          const answer = service.close(path, asked);
          return asked[0] === idOf(101) ? reply(200, { closed_benign: 101 }) : answer;
        };
      },
      { status: 'unexpected', closed: 200, warning: expect.stringMatching(/^The service says it closed 101 alerts/) },
    ],
    [
      'could not be read back',
      (service) => {
        let seen = 0;
        service.faults.read = (_request, asked) => (asked[0] === idOf(101) && ++seen === 2 ? reply(403) : undefined);
      },
      {
        status: 'partial',
        closed: 100,
        warning: expect.stringMatching(/^The service says it closed 100, but reading/),
      },
    ],
  ])('end with the hundred that %s', async (_what, arrange, told) => {
    const { service, approved } = await setUp(201);
    arrange(service);
    expect(await close(service, approved)).toMatchObject({ ...told, not_closed: expect.arrayContaining([idOf(201)]) });
    expect(service.writes).toHaveLength(2);
  });
});

describe('a close that fails', () => {
  test('and certainly did nothing throws what the service said', async () => {
    const { service, approved } = await setUp(2);
    service.faults.write = () => reply(403);
    await expect(close(service, approved)).rejects.toMatchObject({ code: 'forbidden', mayHaveHappened: false });
    expect(service.reads).toEqual([]);
  });

  test('throws it where others of the plan were closed before, too', async () => {
    const service = createAlertService([...openAlerts([idOf(1)]), { _id: idOf(2), resolutionStatusValue: 3 }]);
    const approved = await approvedOf(service, idsTo(2));
    service.faults.write = () => reply(403);
    await expect(close(service, approved)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test.each([
    ['closed', true, { status: 'closed', closed: 2 }],
    ['left open', false, { status: 'unchanged', closed: 0, not_closed: idsTo(2) }],
  ])('and may have done something tells what was %s, read back', async (_what, acts, told) => {
    const { service, approved } = await setUp(2);
    service.faults.write = ({ path }, ids) => {
      if (acts) service.close(path, ids);
      return reply(500);
    };
    const warning = expect.stringMatching(
      /^service_error: The service answered HTTP 500\. It was not repeated; the lists tell the state read afterwards\./,
    );
    expect(await close(service, approved)).toMatchObject({ ...told, warning });
    expect(service.writes).toHaveLength(1);
  });

  test('and may have done something, where nothing can be read either, throws that nothing is known', async () => {
    const { service, approved } = await setUp(2);
    service.faults.write = () => new Fault('timeout', 'No answer.', { mayHaveHappened: true });
    service.faults.read = () => reply(503);
    await expect(close(service, approved)).rejects.toMatchObject({
      code: 'timeout',
      mayHaveHappened: true,
      detail: 'No answer. It was not repeated, and reading the state back failed too (unavailable).',
    });
    expect(service.writes).toHaveLength(1);
  });

  test('with 404 found none of the alerts, as the older API said it', async () => {
    const { service, approved } = await setUp(2);
    service.faults.write = () => {
      service.alerts.length = 0;
      return reply(404);
    };
    expect(await close(service, approved)).toMatchObject({
      status: 'unchanged',
      not_found: idsTo(2),
      warning: 'The ids in not_found are of no alert; mdca_get_open_alerts and mdca_list_alerts list alert ids.',
    });
  });

  test('with 404, where nothing can be read, closed none that is known', async () => {
    const { service, approved } = await setUp(2);
    service.faults.write = () => reply(404);
    service.faults.read = () => reply(403);
    expect(await close(service, approved)).toMatchObject({
      status: 'unknown',
      warning: expect.stringMatching(/^The service says it closed 0, but reading them back failed \(forbidden: /),
    });
  });

  test('with a defect of ours is no success', async () => {
    const { service, approved } = await setUp(1);
    service.faults.write = () => new TypeError('defect');
    await expect(close(service, approved)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('the count of the service', () => {
  const closeWithCount = async (count: number, readable = true) => {
    const { service, approved } = await setUp(2);
    service.faults.write = ({ path }, ids) => {
      service.close(path, ids);
      return reply(200, { closed_benign: count });
    };
    if (!readable) service.faults.read = () => reply(403);
    return close(service, approved);
  };

  test.each([0, 1, 2])('of %i is no matter where the alerts show that they are closed', async (count) => {
    expect(await closeWithCount(count)).toMatchObject({ status: 'closed', warning: undefined });
  });

  test('that is greater than what was named tells that others may be closed', async () => {
    expect(await closeWithCount(3)).toMatchObject({
      status: 'unexpected',
      closed: 2,
      warning: expect.stringMatching(/^The service says it closed 3 alerts, but 2 of the named ones show it\. /),
    });
  });

  test('stands where nothing can be read back', async () => {
    expect(await closeWithCount(2, false)).toMatchObject({
      status: 'unknown',
      closed: 0,
      unknown: idsTo(2),
      warning:
        'The service says it closed 2, but reading them back failed (forbidden: The service answered HTTP 403.). ' +
        'Read them again before anything else.',
    });
  });

  test('that is too great is told also where nothing can be read back', async () => {
    expect(await closeWithCount(3, false)).toMatchObject({
      status: 'unexpected',
      warning: expect.stringMatching(/It may have closed others: .* but reading them back failed/),
    });
  });

  test.each([{}, { closed_benign: -1 }, { closed_benign: '2' }, { dismissed: 2 }])(
    'that is not there makes an answer unreadable: %j',
    async (body) => {
      const { service, approved } = await setUp(1);
      service.faults.write = () => reply(200, body);
      expect(await close(service, approved)).toMatchObject({
        status: 'unchanged',
        not_closed: [idOf(1)],
        warning: expect.stringMatching(/^unreadable: .* It was not repeated; /),
      });
    },
  );
});
