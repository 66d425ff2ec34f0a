import type { Device } from './devices.ts';
import { fileId, quickGuid } from './ids.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';

/** Who acts, from which place, with which device. */
export interface Session {
  who: Person;
  place: Place;
  device: Device;
}

/** A deed is one thing that a person or a service account does. It becomes one activity record. */
export interface Deed {
  session: Session;
  /** Minutes relative to the alert; negative is before it. */
  minute: number;
  /** App id (docs/defender-api.md 7.3). */
  app: number;
  operation: string;
  /** docs/defender-api.md 5.4, without `EVENT_CATEGORY_`. */
  category: 'LOGIN' | 'FAILED_LOGIN' | 'DOWNLOAD_FILE' | 'DELETE_OBJECT' | 'CREATE_USER' | 'UNSPECIFIED';
  text: string;
  /** What the deed acts on. */
  object?: { id: string; name: string };
  /** Why the deed failed, if it did. */
  failure?: string;
  isAdminEvent?: boolean;
  /** The object is a file. */
  isFile?: boolean;
  /** The verdict about the alert rests on this deed. */
  decides?: boolean;
}

/** Marks a deed on which the verdict rests. */
export const decisive = (deed: Deed): Deed => ({ ...deed, decides: true });

export const APPS = {
  office: 11161,
  azure: 12260,
  oneDrive: 15600,
  defender: 20595,
  sharePoint: 20892,
  exchange: 20893,
  directory: 20940,
  teams: 28375,
  dropbox: 11627,
  salesforce: 11114,
  gitHub: 11760,
};

/** At the office, with the usual device. */
export const atOffice = (who: Person): Session => ({ who, place: who.office, device: who.device });

/** At home, with the usual device. */
export const atHome = (who: Person): Session => ({ who, place: who.home, device: who.device });

export function signIn(session: Session, minute: number, note = 'multifactor authentication satisfied'): Deed {
  return {
    session,
    minute,
    app: APPS.office,
    operation: 'OAuth2:Authorize',
    category: 'LOGIN',
    text: `Log on (${session.device.name}, ${note})`,
  };
}

export function failedSignIn(session: Session, minute: number, failure: string): Deed {
  return {
    session,
    minute,
    app: APPS.office,
    operation: 'OAuth2:Authorize',
    category: 'FAILED_LOGIN',
    text: `Failed log on (Failure message: ${failure})`,
    failure,
  };
}

/** A deed on a file, such as `FileDownloaded`, `FileDeleted` or `FileRenamed`. */
export function file(
  session: Session,
  minute: number,
  operation: string,
  name: string,
  app: number = APPS.sharePoint,
): Deed {
  const object = { id: fileId(session.who.upn, name), name };
  const category = FILE_CATEGORIES[operation] ?? 'UNSPECIFIED';
  return { session, minute, app, operation, category, text: `${operation}: file ${name}`, object, isFile: true };
}

const FILE_CATEGORIES: Record<string, Deed['category']> = {
  FileDownloaded: 'DOWNLOAD_FILE',
  FileSyncDownloadedFull: 'DOWNLOAD_FILE',
  FileDeleted: 'DELETE_OBJECT',
};

/** A deed in a mailbox. */
export function mail(session: Session, minute: number, operation: string, subject: string): Deed {
  return plainDeed(session, minute, operation, subject, APPS.exchange);
}

/** Any other deed, with the name of what it acts on. */
export function plainDeed(session: Session, minute: number, operation: string, target: string, app: number): Deed {
  const object = { id: quickGuid(`object ${target}`), name: target };
  return { session, minute, app, operation, category: 'UNSPECIFIED', text: `${operation}: ${target}`, object };
}

/** A change to the directory or the tenant, marked as an administrative event. */
export function admin(
  session: Session,
  minute: number,
  operation: string,
  target: string,
  app: number = APPS.directory,
): Deed {
  const deed = plainDeed(session, minute, operation, target, app);
  return { ...deed, category: operation === 'Add user' ? 'CREATE_USER' : 'UNSPECIFIED', isAdminEvent: true };
}

/** A number of similar deeds. */
export function series(count: number, deed: (index: number) => Deed): Deed[] {
  return Array.from({ length: count }, (_, index) => deed(index));
}
