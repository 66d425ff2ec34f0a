import { expect, test } from 'vitest';
import type { FileRecord } from '../../src/emulator/file_records.ts';
import { startHarness } from './harness.ts';

const PATH = '/api/v1/files/';
const names = (data: FileRecord[]) => data.map(({ name }) => name).sort();

test('files are listed by who owns them, how they are shared, and what they match', async () => {
  const { post, emulator } = await startHarness();
  const { json } = await post(PATH, { filters: { sharing: { eq: [2, 3, 4] } }, sortField: 'modifiedDate' });
  expect(names(json.data)).toContain('Refunds with card numbers.xlsx');
  const policy = emulator.state.policies.find(({ name }) => name === 'Payment card numbers shared externally');
  const filters = { policy: { cabinetmatchedrulesequals: [policy?._id] }, 'owner.username': { neq: ['nobody'] } };
  const matching = await post(PATH, { filters });
  expect(new Set(names(matching.json.data))).toEqual(
    new Set(['Checkout test data (dummy cards).csv', 'Refunds with card numbers.xlsx']),
  );
  const [refunds] = json.data.filter(({ name }: FileRecord) => name.startsWith('Refunds'));
  expect(refunds).toMatchObject({
    fileAccessLevel: [2, 'EXTERNAL'],
    fileType: [2, 'SPREADSHEET'],
    fileExtension: 'xlsx',
  });
  expect(refunds.domains).toEqual(['contoso.com', 'example.org']);
});

test('deleted files are listed where they are allowed, and trashed ones always', async () => {
  const { post } = await startHarness();
  const statuses = async (filters: object) => {
    const { json } = await post(PATH, { filters: { ...filters, filename: { text: 'Design master' } } });
    return new Set(json.data.map(({ fileStatus }: FileRecord) => fileStatus[1]));
  };
  expect(await statuses({})).toEqual(new Set());
  expect(await statuses({ allowDeleted: { eq: false } })).toEqual(new Set());
  expect(await statuses({ allowDeleted: { eq: true } })).toEqual(new Set(['DELETED']));
  const trashed = await post(PATH, { filters: { trashed: { eq: true } } });
  expect(trashed.json.total).toBeGreaterThan(0);
  expect((await post(PATH, {})).json.total).toBeGreaterThan(trashed.json.total);
});

test('one file is read by either of its ids', async () => {
  const { get, emulator } = await startHarness();
  const [file] = emulator.state.files;
  for (const id of [file?._id, file?._id.toUpperCase(), encodeURIComponent(file?.id ?? '')]) {
    expect((await get(`${PATH}${id}/`)).json).toEqual(file);
  }
  expect((await get(`${PATH}${'0'.repeat(24)}/`)).status).toBe(404);
});
