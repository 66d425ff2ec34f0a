import { connect as connectBy } from './sdk_v2.mjs';

export const connect = (url, headers) => connectBy(url, headers, { pin: '2026-07-28' });
