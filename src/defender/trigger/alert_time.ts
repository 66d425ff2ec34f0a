import type { TriggerAlert } from './trigger_alert.ts';

/** Stands for a time that is missing or makes no sense: the last moment that a Date can hold, ms since the epoch. */
export const NO_TIME = 8_640_000_000_000_000;

/** In 2001, before there was any alert: an earlier time is 0, negative, or not in ms. */
export const FIRST_TIME = 1_000_000_000_000;

/** ms since the epoch */
export function timeOf({ TimeGenerated }: TriggerAlert): number {
  const time = Date.parse(TimeGenerated ?? '');
  return time >= FIRST_TIME ? time : NO_TIME;
}
