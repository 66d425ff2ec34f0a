/** These paths start at the project's root, where npm starts the script. */
const CACHE = 'node_modules/.cache/bench';
export const PRODUCT = 'dist/main.js';
/** The public servers by exact version, and where they are installed: out of the way of what reads every file. */
export const LOCKED_PEERS = 'test/bench/peers';
export const PEERS = `${CACHE}/peers`;
export const RESULTS = { json: 'docs/benchmarks.json', page: 'docs/benchmarks.md', chart: 'docs/benchmarks.svg' };
/** Recorded answers of our server, for the floors to repeat. */
export const RECORDING = `${CACHE}/recording.json`;
/** HOME of every server that is started, so that none writes into that of the user. */
export const HOME = `${CACHE}/home`;

/** A program of this folder that is started as a process of its own. */
export const compiled = (name: string) => `${CACHE}/test/bench/${name}.js`;
