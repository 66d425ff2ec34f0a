/** docs/defender-api.md 7.4, D1. */
export interface Stream {
  _id: string;
  displayName: string;
  logType: number;
  streamType: number;
  receiverType: string;
  created: string;
  lastModified: string;
}

/** docs/defender-api.md 10; times in ms. */
export interface Task {
  _id: string;
  taskName: string;
  timestamp: number;
  updateTimestamp: number;
  status: { isSuccess: boolean; templateMessage: { template: string; parameters: Record<string, unknown> } };
}
