import type { Item } from './alerts.ts';
import { inWords, SeverityMark } from './marks.tsx';
import { ageOf, minuteOf } from './times.ts';

interface Props {
  readonly item: Item;
  readonly now: number;
  readonly isFresh?: boolean;
  readonly isOpen?: boolean;
  /** Of a list that the arrow keys go through, one row is reached by Tab. */
  readonly isTabStop?: boolean;
  readonly onOpen: (item: Item) => void;
}

/** One alert of a list, as one button. */
export function Row({ item, now, isFresh = false, isOpen = false, isTabStop = true, onOpen }: Props) {
  const { row, severity, title, user, moreUsers, place, raised } = item;
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={isOpen}
        tabIndex={isTabStop ? 0 : -1}
        data-id={item.id}
        onClick={() => onOpen(item)}
      >
        <SeverityMark of={severity} />
        <span class="title" dir="auto">
          {isFresh && <span class="tag live">new</span>} {title}
        </span>
        <span class="user" dir="auto">
          {user} {moreUsers > 0 && <span class="quiet">+{moreUsers}</span>}
        </span>
        <span class="place">{place}</span>
        <span class="state">{row.status && inWords(row.status)}</span>
        <time class="age" dateTime={row.created} title={row.created && `${minuteOf(row.created)} UTC`}>
          {ageOf(raised, now)}
        </time>
      </button>
    </li>
  );
}
