import { appName } from '../apps.ts';
import { type Incident, SEVERITY, STORY } from '../incident.ts';

/** A system alert, which names an app and no person. */
export function disconnected(app: number): Incident {
  const name = appName(app);
  return {
    kind: {
      policy: 'connectors',
      idValue: 16056320,
      title: `App connector error: ${name}`,
      severity: SEVERITY.low,
      story: STORY.configuration,
    },
    verdict: 'benign',
    undecidable: 'no call tells whether a connector is connected; an operator has to look into the portal',
    description: `The API connection to <b>${name}</b> was lost. No activities are collected.`,
    isSystem: true,
    apps: [app],
    deeds: [],
  };
}
