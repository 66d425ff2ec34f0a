import { type Item, SEVERITIES, type Severity } from './alerts.ts';
import { GROUPINGS, SORTS, type View } from './arrange.ts';
import { SEARCH_ID } from './keys.ts';
import { SeverityMark } from './marks.tsx';

interface Props {
  readonly view: View;
  readonly items: readonly Item[];
  readonly onLook: (change: Partial<View>) => void;
}

const GROUP_WORDS = { none: 'No groups', user: 'By user', policy: 'By policy', title: 'By title' } as const;
const SORT_WORDS = { newest: 'Newest', oldest: 'Oldest', gravest: 'Gravest' } as const;

export function Filters({ view, items, onLook }: Props) {
  return (
    <div class="filters">
      <input
        id={SEARCH_ID}
        type="search"
        placeholder="Filter by title, user, place, address"
        aria-label="Filter the queue"
        aria-keyshortcuts="/"
        value={view.text}
        onInput={({ currentTarget: { value } }) => onLook({ text: value })}
      />
      <SeverityFilter view={view} items={items} onLook={onLook} />
      <div class="choices">
        <Choice
          label="Group"
          of={GROUPINGS}
          words={GROUP_WORDS}
          chosen={view.grouping}
          onChoose={(grouping) => onLook({ grouping })}
        />
        <Choice label="Sort" of={SORTS} words={SORT_WORDS} chosen={view.sort} onChoose={(sort) => onLook({ sort })} />
      </div>
    </div>
  );
}

function SeverityFilter({ view: { severities }, items, onLook }: Props) {
  const countOf = (severity: Severity) => items.filter((item) => item.severity === severity).length;
  const others = (severity: Severity) => severities.filter((one) => one !== severity);
  return (
    <fieldset class="severities">
      <legend class="hidden">Severity</legend>
      {SEVERITIES.filter((severity) => countOf(severity) > 0).map((severity) => (
        <button
          key={severity}
          type="button"
          class="chip"
          aria-pressed={severities.includes(severity)}
          onClick={() =>
            onLook({ severities: severities.includes(severity) ? others(severity) : [...severities, severity] })
          }
        >
          <SeverityMark of={severity} /> <span class="quiet">{countOf(severity)}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface ChoiceProps<Word extends string> {
  readonly label: string;
  readonly of: readonly Word[];
  readonly words: Readonly<Record<Word, string>>;
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
}

function Choice<Word extends string>({ label, of, words, chosen, onChoose }: ChoiceProps<Word>) {
  const choose = (value: string) => {
    const word = of.find((one) => one === value);
    if (word !== undefined) onChoose(word);
  };
  return (
    <select aria-label={label} value={chosen} onChange={({ currentTarget: { value } }) => choose(value)}>
      {of.map((word) => (
        <option key={word} value={word}>
          {words[word]}
        </option>
      ))}
    </select>
  );
}
