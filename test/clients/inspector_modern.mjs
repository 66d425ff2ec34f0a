import { connect as connectBy } from './inspector.mjs';

export const connect = (url, headers) => connectBy(url, headers, 'modern');
