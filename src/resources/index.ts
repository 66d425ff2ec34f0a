export { default as board } from './board.ts';
export { default as guide_alert_type } from './guide_alert_type.ts';
export { default as guide_alert_types } from './guide_alert_types.ts';
export { default as guide_classification } from './guide_classification.ts';
export { default as open_alerts } from './open_alerts.ts';
export { default as single_alert } from './single_alert.ts';
