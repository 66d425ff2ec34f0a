import type { CallToolResult, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import type { House, Person } from '../house.ts';

/** Every write of the product with arguments that change something in the demo tenant, and what it sends. */
export const WRITES = [
  ['mdca_close_alert_benign', 'close_benign', 'close 2'],
  ['mdca_close_alert_false_positive', 'close_false_positive', 'close 2'],
  ['mdca_close_alert_true_positive', 'close_true_positive', 'close 2'],
  ['mdca_dismiss_alert', 'dismiss_bulk', 'close 2'],
  ['mdca_resolve_alert', 'resolve', 'close 2'],
  ['mdca_enable_policy', 'enable', 'enable'],
  ['mdca_disable_policy', 'disable', 'disable'],
  ['mdca_tag_app_sanctioned', 'add_tag', 'sanction 35845'],
  ['mdca_tag_app_unsanctioned', 'add_tag', 'unsanction 35845'],
] as const;

const APP = 35845;
const WRITE = /close_|dismiss_bulk|resolve|enable|disable|add_tag/;

/** Arguments that make the tool change something. */
export function argsFor({ emulator }: House, name: string): Record<string, unknown> {
  if (name.includes('app')) return { app_id: APP };
  if (name.includes('policy')) {
    const policy = emulator.state.policies.find(({ enabled }) => enabled === name.includes('disable'));
    return { policy_id: policy?._id };
  }
  return { alert_ids: openIds(emulator.state.alerts, 2), comment: 'Expected travel' };
}

export function openIds(alerts: readonly { _id: string; resolutionStatusValue: number }[], count: number): string[] {
  return alerts
    .filter(({ resolutionStatusValue }) => resolutionStatusValue === 0)
    .slice(0, count)
    .map(({ _id }) => _id);
}

export const writesOf = ({ emulator }: House) => emulator.requests.filter(({ path }) => WRITE.test(path));

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
