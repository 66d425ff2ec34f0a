/** A number of things that may be open at once. */
export interface Slots {
  isFull(): boolean;
  /** @returns what gives the slot back, to be called once */
  take(): () => void;
}

export function createSlots(most: number): Slots {
  let open = 0;
  return {
    isFull: () => open >= most,
    take() {
      open++;
      return () => void open--;
    },
  };
}
