/** A number of things that may be open at once. */
export interface Slots {
  /** @param wanted how many are asked for, by default one */
  isFull(wanted?: number): boolean;
  /** @returns what gives the slots back, to be called once */
  take(wanted?: number): () => void;
}

export function createSlots(most: number): Slots {
  let open = 0;
  return {
    isFull: (wanted = 1) => open + wanted > most,
    take(wanted = 1) {
      open += wanted;
      return () => {
        open -= wanted;
      };
    },
  };
}
