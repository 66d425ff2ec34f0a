/** What the records of the small tenant are called; payloads name them, so that an agent can carry them out. */
export const ALERT = '5eed00c0ffee00000000a001';
export const OTHER_ALERT = '5eed00c0ffee00000000a002';
export const CLOSED_ALERT = '5eed00c0ffee00000000a003';
/** Switched on. */
export const POLICY = '5eed00c0ffee00000000b001';
/** Switched off. */
export const QUIET_POLICY = '5eed00c0ffee00000000b002';
export const APP = 35845;
export const USER = '9e6f4bda-0812-4274-a2f4-2a10b3a56faf';
