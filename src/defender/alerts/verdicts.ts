import { type Path, path } from '../../core/path.ts';

/** One way to close alerts. */
export interface CloseVerdict {
  readonly path: Path;
  /** The counter in its reply. */
  readonly counter: string;
  /** The `resolutionStatusValue`s it can lead to. */
  readonly becomes: readonly number[];
  /** How it is said: "close 3 alerts …". */
  readonly as: string;
  /** `reasonId` by the word for it, where the API takes reasons. */
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
  // The service maps the deprecated two to a close of today, so either state may follow.
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
