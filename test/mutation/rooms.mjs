/**
 * What is mutated, and the tests that ought to notice. A test that starts `dist/main.js` sees no mutant and stays out; so
 * does one whose tests run side by side, of which nobody could tell what each of them reaches.
 */
export const rooms = {
  writes: {
    mutate: ['src/writes/*.ts', 'src/tool/plan.ts'],
    tests: [
      'test/writes/{confirmation_codes,code_store,continuations,open_questions,question_files}.test.ts',
      'test/writes/{plan_text,confirm,audited_commit,flow,turns}.test.ts',
      'test/tool/plan.test.ts',
    ],
  },
  close: {
    mutate: ['src/defender/alerts/{close,close_plan,close_report,outcomes,current_state,verdicts}.ts'],
    tests: ['test/defender/alerts/*.test.ts'],
  },
  text: {
    mutate: ['src/text/*.ts'],
    tests: ['test/text/*.test.ts'],
  },
  position: {
    mutate: ['src/defender/trigger/position.ts'],
    tests: ['test/defender/trigger/take.test.ts'],
  },
  audit: {
    mutate: ['src/audit/*.ts', '!src/audit/*.d.ts'],
    tests: ['test/audit/{chain,head,lock,own_file,report,tally,trail,verify}.test.ts'],
  },
  http: {
    mutate: ['src/http/**/*.ts'],
    tests: ['test/http/*.test.ts', 'test/http/budget/{adaptive_rate,budget,local_gate,queue,sliding_window}.test.ts'],
  },
};
