/** Sets of tools that a setting can name as one. */
export const GROUPS = ['connector', 'investigate', 'manage'] as const;
export type Group = (typeof GROUPS)[number];
