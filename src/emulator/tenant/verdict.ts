import type { RangeName } from './networks.ts';
import type { Person } from './people.ts';
import type { PolicyName } from './policies.ts';

/** What an alert turns out to be. */
export type Verdict = 'true_positive' | 'benign' | 'false_positive';

/** What beside its deeds decides about an incident. */
export interface Deciding {
  ranges?: readonly RangeName[];
  /** Names of files of the incident's person. */
  files?: readonly string[];
  apps?: readonly number[];
  users?: readonly Person[];
  policies?: readonly PolicyName[];
}
