import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';

function objectsIn(value: unknown, path: string, found = new Map<object, string>()): Map<object, string> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.set(value, path);
  for (const [name, member] of Object.entries(value)) objectsIn(member, `${path}.${name}`, found);
  return found;
}

test('two tenants share no object, so that what is changed in one stays there', async () => {
  const [one, other] = [await createEmulator(), await createEmulator()];
  const known = objectsIn(one.state, 'state');
  const shared = [...objectsIn(other.state, 'state')].filter(([object]) => known.has(object));
  expect([...new Set(shared.map(([, path]) => path.replace(/\.\d+/g, '')))]).toEqual([]);
  await one.close();
  await other.close();
});
