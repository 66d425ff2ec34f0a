/** The class of lists whose rows the arrow keys go through. */
export const ROWS = 'rows';
const ROW = `.${ROWS} button`;
export const SEARCH_ID = 'search';

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_at, last) => last,
};

/** Moves the focus from a row to another one of the queue. @returns whether the key does that */
function focusFrom(row: HTMLElement, key: string): boolean {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  const rows = [...document.querySelectorAll<HTMLElement>(ROW)];
  const at = rows.indexOf(row);
  if (!step || at < 0) return false;
  rows[step(at, rows.length - 1)]?.focus();
  return true;
}

/** Keys: arrows among rows, `/` to the filter and down from it, and Escape away from the alert. */
export function hearKeys(leave: () => void): void {
  document.addEventListener('keydown', (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (key === '/' && !isTyping) {
      document.getElementById(SEARCH_ID)?.focus();
      event.preventDefault();
    } else if (key === 'Escape' && !isTyping) leave();
    else if (target instanceof HTMLElement && focusFrom(target, key)) event.preventDefault();
    else if (key === 'ArrowDown' && target instanceof HTMLInputElement && target.id === SEARCH_ID) {
      document.querySelector<HTMLElement>(ROW)?.focus();
      event.preventDefault();
    }
  });
}

/** Gives the focus to an alert's row, or to the first one if that has gone, once the page is drawn. */
export function focusRow(id: string): void {
  setTimeout(() => {
    const rows = [...document.querySelectorAll<HTMLElement>(ROW)];
    (rows.find((row) => row.dataset.id === id) ?? rows[0])?.focus();
  });
}
