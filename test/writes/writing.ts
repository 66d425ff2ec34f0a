import type { CallToolResult, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Fixture, Person } from '../fixture.ts';
import { recordId } from '../samples.ts';

/** Requests that the emulator does not know to be reads. */
export const writesOf = ({ emulator }: Fixture) => emulator.requests.filter(({ effect }) => effect === 'write');

/** Something was sent, and nothing of it twice. A write may send one request for each of its items. */
export function expectSentOnce(fixture: Fixture): void {
  const sent = writesOf(fixture).map(({ path, body }) => `${path} ${JSON.stringify(body)}`);
  expect(sent.length).toBeGreaterThan(0);
  expect(new Set(sent).size).toBe(sent.length);
}

/** Ids of the records that differ between two states of the tenant; a new one by its name, if it has one. */
export function changedIds(before: Emulator['state'], after: Emulator['state']): string[] {
  const records = (state: Emulator['state']) =>
    new Map<string, string>(
      Object.entries(state).flatMap(([collection, members]) =>
        members.map((record: object): [string, string] => [
          `${collection} ${recordId(record)}`,
          JSON.stringify(record),
        ]),
      ),
    );
  const [old, now] = [records(before), records(after)];
  const keys = [...new Set<string>([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  const nameOfNew = (key: string) => (old.has(key) ? undefined : nameIn(now.get(key)));
  return keys.map((key) => nameOfNew(key) ?? key.replace(/^\w+ /, ''));
}

function nameIn(record = '{}'): string | undefined {
  const { name }: { name?: string } = JSON.parse(record);
  return name;
}

/** The phrase that a question asks for. */
export function phraseOf(message: string): string {
  return /^Type "([^"]+)" to confirm/.exec(message)?.[1] ?? '';
}

/** A person who reads the phrase and types it. */
export const agrees: Person = ({ message }): ElicitResult => ({
  action: 'accept',
  content: { phrase: phraseOf(message) },
});

/** The code that an answer hands out. */
export function codeOf({ structuredContent }: CallToolResult): string {
  const { status, confirm } = structuredContent ?? {};
  expect(status).toBe('confirmation_required');
  return String(confirm);
}
