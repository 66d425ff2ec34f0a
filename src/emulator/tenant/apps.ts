import type { App } from '../records.ts';
import { vary } from './vary.ts';

type Row = readonly [appId: number, name: string, category: string, score: number, domain: string, ...tags: string[]];

const SANCTIONED = 'Sanctioned';
const UNSANCTIONED = 'Unsanctioned';
/** A tag of the company's own. */
const UNDER_REVIEW = 'Under review by procurement';

/** Ids up to 59861 are real (docs/defender-api.md 7.3), those above 61000 invented. Category without its prefix. */
const catalogue: readonly Row[] = [
  [11161, 'Office 365', 'PRODUCTIVITY', 10, 'office.com', SANCTIONED],
  [11394, 'Microsoft Online Services', 'IT_SERVICES', 10, 'microsoftonline.com'],
  [12260, 'Microsoft Azure', 'CLOUD_COMPUTING_PLATFORM', 10, 'azure.com', SANCTIONED],
  [15600, 'Microsoft OneDrive for Business', 'CLOUD_STORAGE', 10, 'onedrive.com', SANCTIONED],
  [20595, 'Microsoft Defender for Cloud Apps', 'SECURITY', 10, 'cloudappsecurity.com'],
  [20892, 'Microsoft SharePoint Online', 'COLLABORATION', 10, 'sharepoint.com', SANCTIONED],
  [20893, 'Microsoft Exchange Online', 'WEBMAIL', 10, 'outlook.office.com', SANCTIONED],
  [20940, 'Active Directory', 'SECURITY', 9, 'activedirectory.windowsazure.com'],
  [25275, 'Skype for Business', 'ONLINE_MEETINGS', 9, 'lync.com'],
  [26324, 'Microsoft Power BI', 'BUSINESS_INTELLIGENCE', 10, 'powerbi.com', SANCTIONED],
  [28375, 'Microsoft Teams', 'COLLABORATION', 10, 'teams.microsoft.com', SANCTIONED],
  [11522, 'Yammer', 'COLLABORATION', 9, 'yammer.com'],
  [10489, 'Box', 'CLOUD_STORAGE', 9, 'box.com', 'Monitored'],
  [11627, 'Dropbox', 'CLOUD_STORAGE', 8, 'dropbox.com', UNSANCTIONED],
  [11770, 'Google Workspace', 'COLLABORATION', 9, 'workspace.google.com'],
  [11599, 'Amazon Web Services', 'CLOUD_COMPUTING_PLATFORM', 10, 'aws.amazon.com', SANCTIONED],
  [10980, 'Okta', 'SECURITY', 10, 'okta.com'],
  [11114, 'Salesforce', 'CRM', 10, 'salesforce.com', SANCTIONED],
  [14509, 'ServiceNow', 'IT_SERVICES', 10, 'servicenow.com', SANCTIONED],
  [23043, 'Slack', 'COLLABORATION', 9, 'slack.com'],
  [11760, 'GitHub', 'CODE_HOSTING', 9, 'github.com', SANCTIONED],
  [18399, 'Cloudflare', 'HOSTING_SERVICES', 9, 'cloudflare.com'],
  [26110, 'Azure DevOps', 'DEVELOPMENT_TOOLS', 10, 'dev.azure.com', SANCTIONED],
  [35845, 'TikTok', 'SOCIAL_NETWORK', 6, 'tiktok.com'],
  [20380, 'Instagram', 'SOCIAL_NETWORK', 7, 'instagram.com'],
  [59861, 'Codeberg', 'CODE_HOSTING', 5, 'codeberg.org'],
  [61204, 'Example Paste', 'CONTENT_SHARING', 2, 'paste.example', UNSANCTIONED],
  [61377, 'Sample Transfer', 'CLOUD_STORAGE', 2, 'transfer.example'],
  [61590, 'Demo PDF Converter', 'PRODUCTIVITY', 3, 'pdf.example', 'Monitored', UNDER_REVIEW],
  [61822, 'Placeholder AI Notes', 'PRODUCTIVITY', 4, 'notes.example', 'Monitored', UNDER_REVIEW],
];

/** Apps of the catalogue that nobody at Contoso uses; ids and names are invented, some names on purpose alike. */
const unused: readonly Row[] = [
  [62011, 'Sample Transfer Enterprise', 'CLOUD_STORAGE', 8, 'enterprise.transfer.example'],
  [62045, 'Example Paste Pro', 'CONTENT_SHARING', 5, 'pro.paste.example'],
  [62108, 'Demo Drive', 'CLOUD_STORAGE', 7, 'drive.example'],
  [62174, 'Placeholder Chat', 'COLLABORATION', 6, 'chat.example'],
  [62230, 'Mock Mail', 'WEBMAIL', 3, 'mail.example'],
  [62299, 'Stub CRM', 'CRM', 9, 'crm.example'],
];

/** Cannot be unsanctioned (docs/defender-api.md 7.2): the sign-in service, Azure and Defender itself. */
const PROTECTED = [11394, 12260, 20595];

const names = new Map([...catalogue, ...unused].map(([appId, name]) => [appId, name]));

export function appName(appId: number): string {
  return names.get(appId) ?? String(appId);
}

/** All apps; `start` in ms. */
export function createApps(start: number): App[] {
  return [
    ...catalogue.map((row, index) => ({ ...toApp(row), ...usageOf(row, index, start) })),
    ...unused.map((row) => ({ ...toApp(row), ...NO_USAGE })),
  ];
}

function toApp([appId, name, category, score, domain, ...tags]: Row) {
  return {
    appId,
    name,
    category: `SAASDB_CATEGORY_${category}`,
    domains: [domain],
    score,
    tags,
    isProtected: PROTECTED.includes(appId),
  };
}

function usageOf([appId, , , score]: Row, index: number, start: number) {
  const scale = score + 1;
  return {
    usersCount: 3 + score * 9 + vary(`users ${appId}`, 9),
    ipAddressesCount: 2 + score * 4 + vary(`addresses ${appId}`, 5),
    trafficTotalBytes: scale * 40_000_000 + vary(`bytes ${appId}`, 30_000_000),
    trafficUploadedBytes: scale * 5_000_000 + vary(`uploads ${appId}`, 4_000_000),
    trafficTotalEvents: scale * 900 + vary(`events ${appId}`, 800),
    lastUsed: start - (index % 9) * 3_600_000 - vary(`last ${appId}`, 3_000_000),
  };
}

const NO_USAGE = {
  usersCount: 0,
  ipAddressesCount: 0,
  trafficTotalBytes: 0,
  trafficUploadedBytes: 0,
  trafficTotalEvents: 0,
  lastUsed: 0,
};
