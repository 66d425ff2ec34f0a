import { VERDICTS as WAYS } from '../defender/alerts/verdicts.ts';
import type { Verdict } from './state.ts';

interface Choice {
  readonly verdict: Verdict;
  readonly title: string;
  /** When it is right. */
  readonly when: string;
}

export const VERDICTS: readonly Choice[] = [
  { verdict: 'true_positive', title: 'True positive', when: 'malicious, and dealt with' },
  { verdict: 'benign', title: 'Benign', when: 'it happened, and was expected' },
  { verdict: 'false_positive', title: 'False positive', when: 'it did not happen, or the detection is wrong' },
];

/** The reasons that the service takes for each. */
export const REASONS: Readonly<Record<Verdict, readonly string[]>> = {
  true_positive: [],
  benign: Object.keys(WAYS.benign.reasons),
  false_positive: Object.keys(WAYS.false_positive.reasons),
};
