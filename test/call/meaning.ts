import { stripInvisible } from '../../src/text/sanitize.ts';
import type { argumentsOf } from '../injection/arguments.ts';
import type { Args } from '../samples.ts';
import { HOST_KEYS } from './forms.ts';

/**
 * Compares what a tool was given with what it made of that, as a person would.
 * @returns the names of the arguments that differ in meaning
 */
export function differencesOf(schemas: ReturnType<typeof argumentsOf>, given: Args, read: Args): string[] {
  const names = new Set([...Object.keys(schemas), ...Object.keys(given)]);
  return [...names].filter((name) => {
    const schema = schemas[name];
    if (!schema) return !isHostKey(name, given);
    const value = given[name];
    if (value === undefined || value === null) return read[name] !== schema.default;
    return !isSame(name, value, read[name]);
  });
}

function isHostKey(name: string, given: Args): boolean {
  return HOST_KEYS.some(
    (keys) => name in keys && Object.keys(keys).every((key) => key in given || key === 'toolCallId'),
  );
}

function isSame(name: string, given: unknown, read: unknown): boolean {
  if (Array.isArray(read)) {
    if (read.length === 0) return /^\s*\[\s*\]\s*$/u.test(inWords(given));
    const all = new Set(membersIn(given, name));
    return all.size === read.length && read.every((member) => all.has(String(member).toLowerCase()));
  }
  if (typeof read === 'string') return typeof given === 'string' && spellingsOf(given).includes(read);
  return read !== undefined && String(given).trim().toLowerCase() === String(read);
}

/** The words of a list in whatever way it is written, so that none can be lost and none can come in. */
export function membersIn(given: unknown, name: string): string[] {
  const text = [given].flat().map(inWords).join(',');
  const bare = (name === 'alert_ids' ? idsOfLinks(text) : text).replaceAll(/\\[tn]|["[\]]/gu, ' ');
  return bare.split(',').map((word) => word.trim().toLowerCase());
}

function inWords(member: unknown): string {
  return typeof member === 'string' ? member : JSON.stringify(member);
}

function spellingsOf(given: string): string[] {
  const id = idsOfLinks(given.trim()).toLowerCase();
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/u.exec(id.replaceAll(/[{}-]/gu, '')) ?? [];
  // A word is a word in its own case only; an id has no case.
  const idForms = /^[0-9a-f{}-]+$/u.test(id) ? [id, parts.join('-')] : [];
  const country = /^[a-z]{2}$/iu.test(given.trim()) ? [given.trim().toUpperCase()] : [];
  return [given, stripInvisible(given), given.trim(), ...idForms, ...country];
}

function idsOfLinks(text: string): string {
  return text.replaceAll(/https:\/\/[\w.]+\/?[?\w=]*#\/alerts\/([0-9a-f]{24})\/?(?:\?[\w=]*)?/giu, '$1');
}
