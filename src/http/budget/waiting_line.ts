/** What stands in a line. */
interface Positioned {
  /** Lower is earlier. */
  readonly position: number;
}

/** Entries by position. What an operation costs does not depend on how many wait. */
export interface WaitingLine<T extends Positioned> {
  /** Nearly every entry comes last. For one that comes earlier, the entries before it are looked through. */
  add(entry: T): Place;
  /** Takes the first entry out. */
  shift(): T | undefined;
  size(): number;
  [Symbol.iterator](): Iterator<T>;
}

/** The place of one entry. */
export interface Place {
  /**
   * How many entries are ahead, undefined once the entry is out. Too many where one of them was removed from the midst
   * of the line: an exact count would have to look through it.
   */
  ahead(): number | undefined;
  /** Does nothing once the entry is out. */
  remove(): void;
}

/** Of a doubly linked list; an array would move all entries behind one that is removed. */
interface Node<T> {
  readonly entry: T;
  /** One more than that of the entry which was ahead when this one came. */
  readonly number: number;
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
  isOut: boolean;
}

export function createWaitingLine<T extends Positioned>(): WaitingLine<T> {
  let first: Node<T> | undefined;
  let last: Node<T> | undefined;
  let size = 0;
  const link = (previous: Node<T> | undefined, next: Node<T> | undefined) => {
    if (previous) previous.next = next;
    else first = next;
    if (next) next.previous = previous;
    else last = previous;
  };
  const insertBefore = (next: Node<T> | undefined, entry: T): Node<T> => {
    const previous = next ? next.previous : last;
    const number = next ? next.number - 1 : (last?.number ?? 0) + 1;
    const node = { entry, number, previous, next, isOut: false };
    link(previous, node);
    link(node, next);
    size++;
    return node;
  };
  const takeOut = (node: Node<T>) => {
    if (node.isOut) return;
    node.isOut = true;
    link(node.previous, node.next);
    size--;
  };
  const firstBehind = (position: number) => {
    if (!last || last.entry.position < position) return undefined;
    let node = first;
    while (node && node.entry.position < position) node = node.next;
    return node;
  };
  return {
    add(entry) {
      const node = insertBefore(firstBehind(entry.position), entry);
      return {
        ahead: () => (node.isOut || !first ? undefined : node.number - first.number),
        remove: () => takeOut(node),
      };
    },
    shift() {
      const node = first;
      if (node) takeOut(node);
      return node?.entry;
    },
    size: () => size,
    *[Symbol.iterator]() {
      for (let node = first; node; node = node.next) yield node.entry;
    },
  };
}
