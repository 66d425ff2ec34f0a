/** How clients, shells and templates write what to fill in: `${X}`, `#{X}`, `$(X)`, `$X`, `{{X}}`, `{env:X}`, `%X%`. */
const FORMS = String.raw`[$#%]\{.*?\}|\$\(.*?\)|\$(?:env:)?[a-z_]\w*|\{\{.*?\}\}|\{\w+:[^{}]*\}|%[a-z_][\w()]*%`;

/** `<your token>` too, but not `<https://host.example>`, as which URLs are pasted. */
const WHOLE = new RegExp(String.raw`^(?:\$?(?:${FORMS})#?|\{[^{}]*\}|\[[^[\].:]*\]|<[^<>.:]*>|@\w+@|__\w+__)$`, 'i');

/** `~` too, which only a shell fills. A name in single braces can be a folder. */
const IN_PATH = new RegExp(String.raw`${FORMS}|<[^<>]*>|^~\w*(?![^\\/])`, 'i');

/** The rest of a sentence that begins with the setting's name. */
export const UNFILLED = 'holds a placeholder that nothing has filled';

/** True if the text is a placeholder and nothing else. */
export function isPlaceholder(text: string): boolean {
  return WHOLE.test(text);
}

/** True if some part of a path is a placeholder. */
export function hasPlaceholder(path: string): boolean {
  return IN_PATH.test(path);
}

/** What the host of a bundle leaves where a person has left an optional field empty. */
export function isEmptyField(text: string): boolean {
  return /^\$\{user_config\.[^{}]*\}$/.test(text);
}
