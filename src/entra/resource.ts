/** The service as an enterprise application, the same in every tenant (docs/defender-api.md 1.2). */
export const RESOURCE = '05a65629-4c1b-48c1-a78b-804c4abdd4af';
