import { WireAlert } from '../model/alert.ts';
import { path } from '../path.ts';
import { pagesOf } from './list.ts';

/** Where lists of alerts come from, and how they are read (defender-api.md §2). */
export const alertList = { path: path`/api/v1/alerts/`, pages: pagesOf(WireAlert) };
