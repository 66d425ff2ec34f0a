import type { Identity } from '../../../tool/caller.ts';

/** The POSTs without a session whose answers are still to come; of those with one, the session knows. */
export interface OpenPosts {
  /** @param end ends the POST. @returns what is to be called once it has been answered */
  add(identity: Identity | undefined, end: () => void): () => void;
  /** Ends the POSTs of callers that may not come in any more. */
  endOf(isGone: (identity: Identity) => boolean): void;
}

export function createOpenPosts(): OpenPosts {
  const open = new Set<{ readonly identity: Identity; readonly end: () => void }>();
  return {
    add(identity, end) {
      if (!identity) return () => {};
      const post = { identity, end };
      open.add(post);
      return () => open.delete(post);
    },
    endOf(isGone) {
      for (const { identity, end } of [...open]) if (isGone(identity)) end();
    },
  };
}
