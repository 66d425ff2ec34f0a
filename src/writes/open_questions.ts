/** Names a question that a person has been asked. */
export interface OpenQuestion {
  /** Unique to the question. */
  readonly nonce: string;
  /** When its answer comes too late, ms since the epoch. */
  readonly until: number;
}

/** Whether an answer is the first one. It is unknown where the question was not put, or is forgotten. */
type Taken = 'taken' | 'used' | 'unknown';

/**
 * Remembers which questions are open. It must be told of each before a person sees it, so that an answer is taken only
 * where it is known that none came before: what is forgotten is refused.
 */
export interface OpenQuestions {
  /** @throws Fault `store_away` if no answer could be taken later */
  put(question: OpenQuestion): Promise<void>;
  /** Takes the answer to a question; of several at once, one is `taken`. @throws Fault `store_away` */
  take(question: OpenQuestion): Promise<Taken>;
  /** Opens a question again whose answer was taken. If that fails, the answer stays used. */
  giveBack(question: OpenQuestion): Promise<void>;
}

/** In memory, for this process alone. @param now ms since the epoch */
export function createLocalQuestions(now = () => Date.now()): OpenQuestions {
  const asked = new Map<string, { readonly until: number; used: boolean }>();
  return {
    async put({ nonce, until }) {
      for (const [old, { until: end }] of asked) if (end <= now()) asked.delete(old);
      asked.set(nonce, { until, used: false });
    },
    async take({ nonce }) {
      const question = asked.get(nonce);
      if (!question) return 'unknown';
      if (question.used) return 'used';
      question.used = true;
      return 'taken';
    },
    async giveBack({ nonce }) {
      const question = asked.get(nonce);
      if (question) question.used = false;
    },
  };
}
