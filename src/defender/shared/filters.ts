/** Conditions on records, by field and operator (docs/defender-api.md 3.4). */
export type Filters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
