import { type Path, path } from '../../core/path.ts';

/** One way to close alerts. */
export interface CloseVerdict {
  readonly path: Path;
  /** The field of the reply that counts the closed alerts. */
  readonly counter: string;
  /** Each `resolutionStatusValue` that this close can lead to. */
  readonly becomes: readonly number[];
  /** Completes the sentence "Close 3 alerts …". */
  readonly as: string;
  /** `reasonId` by the tool's argument `reason`, where the API takes reasons. */
  readonly reasons?: Readonly<Record<string, number>>;
}

/** docs/defender-api.md 4.1, 4.4 and 4.9. */
export const VERDICTS = {
  benign: {
    path: path`/api/v1/alerts/close_benign/`,
    counter: 'closed_benign',
    becomes: [4],
    as: 'as benign',
    reasons: { actual_severity_is_lower: 2, other: 4, confirmed_with_end_user: 5, triggered_by_test: 6 },
  },
  false_positive: {
    path: path`/api/v1/alerts/close_false_positive/`,
    counter: 'closed_false_positive',
    becomes: [3],
    as: 'as false positive',
    reasons: { not_of_interest: 0, too_many_similar_alerts: 1, alert_is_not_accurate: 3, other: 4 },
  },
  true_positive: {
    path: path`/api/v1/alerts/close_true_positive/`,
    counter: 'closed_true_positive',
    becomes: [5],
    as: 'as true positive',
  },
  // The service maps these two deprecated calls to current ones, so the old or the new state may follow.
  dismissed: {
    path: path`/api/v1/alerts/dismiss_bulk/`,
    counter: 'dismissed',
    becomes: [1, 3],
    as: 'as dismissed, which the service maps to false positive',
  },
  resolved: {
    path: path`/api/v1/alerts/resolve/`,
    counter: 'resolved',
    becomes: [2, 5],
    as: 'as resolved, which the service maps to true positive',
  },
} as const satisfies Record<string, CloseVerdict>;
