/**
 * What is mutated, and the tests that ought to notice. A test that starts `dist/main.js` sees no mutant and stays out; so
 * does one whose tests run side by side, of which nobody could tell what each of them reaches.
 */
export const rooms = {
  writes: {
    mutate: ['src/writes/*.ts', 'src/plan.ts'],
    tests: ['test/writes/{code,person,audit}.test.ts'],
  },
  close: {
    mutate: ['src/defender/{close,close_plan,close_report,fates,states,verdicts}.ts'],
    tests: ['test/tools/close.test.ts', 'test/writes/code.test.ts'],
  },
  text: {
    mutate: ['src/{text,html}.ts'],
    tests: ['test/text.test.ts', 'test/model/plain.test.ts'],
  },
  position: {
    mutate: ['src/model/position.ts'],
    tests: ['test/model/position.test.ts', 'test/tools/wait.test.ts'],
  },
  audit: {
    mutate: ['src/audit/*.ts', '!src/audit/*.d.ts'],
    tests: ['test/audit/{trail,verify}.test.ts'],
  },
  http: {
    mutate: ['src/http/*.ts'],
    tests: ['test/http/*.test.ts'],
  },
};
