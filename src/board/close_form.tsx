import { useEffect, useRef, useState } from 'preact/hooks';
import { inWords } from './marks.tsx';
import type { Change, Verdict } from './state.ts';
import { REASONS, VERDICTS } from './verdicts.ts';

interface Props {
  /** Of the alert. */
  readonly id: string;
  readonly onPlan: (change: Change) => void;
  readonly onCancel: () => void;
}

/** The longest comment that the server takes. */
const LONGEST_COMMENT = 4000;

export function CloseForm({ id, onPlan, onCancel }: Props) {
  const [verdict, setVerdict] = useState<Verdict | undefined>();
  const [reason, setReason] = useState('');
  const [comment, setComment] = useState('');
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const reasons = verdict ? REASONS[verdict] : [];
  return (
    <section class="panel" aria-label="Close this alert">
      <fieldset class="verdicts">
        <legend>Close this alert as</legend>
        {VERDICTS.map(({ verdict: each, title, when }, n) => (
          <label key={each} class="choice">
            <input
              ref={n === 0 ? first : null}
              type="radio"
              name="verdict"
              checked={verdict === each}
              onChange={() => {
                setVerdict(each);
                setReason('');
              }}
            />
            <span>
              <b>{title}</b> <span class="quiet">{when}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {reasons.length > 0 && (
        <label class="field">
          Reason
          <select value={reason} onChange={({ currentTarget: { value } }) => setReason(value)}>
            <option value="">None</option>
            {reasons.map((each) => (
              <option key={each} value={each}>
                {inWords(each)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        Comment, which everybody in the portal can read
        <textarea
          rows={2}
          maxLength={LONGEST_COMMENT}
          value={comment}
          onInput={({ currentTarget: { value } }) => setComment(value)}
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          class="main"
          disabled={verdict === undefined}
          onClick={() => verdict && onPlan(closeOf(id, verdict, reason, comment))}
        >
          Show the plan
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}

function closeOf(id: string, verdict: Verdict, reason: string, comment: string): Change {
  return {
    tool: `mdca_close_alert_${verdict}`,
    args: { alert_ids: [id], ...(reason !== '' && { reason }), ...(comment.trim() !== '' && { comment }) },
    ids: [id],
    verdict,
    done: `Closed 1 alert as ${inWords(verdict)}.`,
  };
}
