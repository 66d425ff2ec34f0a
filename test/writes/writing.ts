import type { CallToolResult, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Fixture, Person } from '../fixture.ts';
import { recordId } from '../samples.ts';

/** Requests that the emulator does not know to be reads. */
export const writesOf = ({ emulator }: Fixture) => emulator.requests.filter(({ effect }) => effect === 'write');

/** Ids of the records that differ between two states of the tenant. */
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
  return keys.map((key) => key.replace(/^\w+ /, ''));
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
