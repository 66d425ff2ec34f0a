import { path } from '../../core/path.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { toMs } from '../shared/wire.ts';
import { WireAlert } from './alert.ts';
import { WireAlertDetail } from './alert_detail.ts';

/** Where lists of alerts come from, and how they are read (docs/defender-api.md 3). */
export const alertList = {
  path: path`/api/v1/alerts/`,
  pages: pagesOf(WireAlert),
  timeOf: ({ timestamp }: WireAlert) => toMs(timestamp),
};

/** The same list with the fields that only the full view shows. */
export const detailList = { ...alertList, pages: pagesOf(WireAlertDetail) };

/** The filter for open alerts (docs/defender-api.md 4.7). */
export const OPEN = { alertOpen: { eq: true } };
