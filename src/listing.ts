import * as register from '../tools/index.ts';
import { listedOf } from './mcp/schema.ts';

/** Every tool as it is listed, in the order of the list. The bundle holds the value, not the way to it. */
export const listing = Object.values(register).map(listedOf);
