import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { faceOf } from '../../src/mcp/tool_face.ts';
import { type Fixture, textOf, tools } from '../fixture.ts';
import { oneFormOnly } from './facts.ts';

/** Tokens of what every host pays, and of a list in each form. */
export interface Prices {
  readonly list: number;
  /** Name, description and input schema. */
  readonly listSeen: number;
  readonly longestTool: number;
  readonly alerts: FormPrice;
  readonly activities: FormPrice;
}

interface FormPrice {
  readonly text: number;
  readonly value: number;
  readonly oneFormOnly: readonly string[];
}

const tokensOf = (value: unknown) => countTokens(JSON.stringify(value));

/** Counts tools/list, 20 open alerts, and 20 activities of the first user with so many. */
export async function priceOfAnswers(fixture: Fixture): Promise<Prices> {
  const faces = tools.map(faceOf);
  const seen = faces.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return {
    list: tokensOf({ tools: faces }),
    listSeen: tokensOf(seen),
    longestTool: Math.max(...seen.map(tokensOf)),
    alerts: await formsOf(fixture, 'mdca_get_open_alerts', { limit: 20 }),
    activities: await formsOf(fixture, 'mdca_get_activities', { user_id: busyUser(fixture), limit: 20 }),
  };
}

async function formsOf(fixture: Fixture, name: string, args: Record<string, unknown>): Promise<FormPrice> {
  const result = await fixture.call(name, args);
  const [text, value] = [textOf(result), result.structuredContent ?? {}];
  return { text: countTokens(text), value: tokensOf(value), oneFormOnly: oneFormOnly(text, value) };
}

function busyUser({ emulator: { state } }: Fixture): string | undefined {
  const users = state.entities.filter(({ type }) => type === 2);
  const countOf = (id: string) => state.activities.filter(({ resolvedActor }) => resolvedActor?.id === id).length;
  return users.find(({ id }) => countOf(id) >= 20)?.id;
}
