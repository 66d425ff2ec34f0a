import { useEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from './actions.ts';
import { CloseForm } from './close_form.tsx';
import type { Step } from './state.ts';

interface Props {
  readonly step: Step;
  /** Of the alert. */
  readonly id: string;
  readonly actions: Actions;
}

/** Where a change is at: its form, its plan, or a call that is out. */
export function ChangePane({ step, id, actions }: Props) {
  if (step.at === 'form') return <CloseForm id={id} onPlan={actions.plan} onCancel={actions.cancel} />;
  if (step.at === 'plan') return <PlanForm step={step} actions={actions} />;
  const text =
    step.at === 'asking'
      ? 'Asking the server for its plan. If your client asks you for a phrase, answer there.'
      : 'Carrying out the plan…';
  return <p class="panel waiting">{text}</p>;
}

interface PlanProps {
  readonly step: Extract<Step, { at: 'plan' }>;
  readonly actions: Actions;
}

function PlanForm({ step: { plan, phrase }, actions }: PlanProps) {
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const confirm = async () => {
    if (await actions.confirm(typed)) return;
    setWrong(true);
    input.current?.focus();
  };
  return (
    <section class="panel" aria-labelledby="plan-title">
      <h3 id="plan-title">The server’s plan. Nothing has been changed yet.</h3>
      <pre class="plan">{plan}</pre>
      <label class="field">
        <span>
          Type <b class="code">{phrase}</b> to confirm
        </span>
        <input
          ref={input}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          aria-invalid={isWrong}
          aria-describedby="wrong"
          onInput={({ currentTarget: { value } }) => {
            setTyped(value);
            setWrong(false);
          }}
          onKeyDown={({ key }) => key === 'Enter' && confirm()}
        />
      </label>
      <p id="wrong" class="wrong" role="alert">
        {isWrong && 'That is not the phrase. Nothing was changed.'}
      </p>
      <div class="buttons">
        <button type="button" class="main" onClick={confirm}>
          Confirm
        </button>
        <button type="button" onClick={actions.cancel}>
          Decline
        </button>
      </div>
    </section>
  );
}
