/** Reads single values of a git config, without what it includes. */

/** The last value of a key of the section `core`, as git reads it; undefined if there is none. */
export function coreValue(config: string, key: string): string | undefined {
  let isInCore = false;
  let value: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]/.exec(line);
    if (section !== null) isInCore = section[1]?.trim().toLowerCase() === 'core';
    const setting = /^\s*(?:\[[^\]]*\]\s*)?([a-z][a-z0-9-]*)\s*(?:=(.*))?$/i.exec(line);
    if (isInCore && setting?.[1]?.toLowerCase() === key) value = unquoted(setting[2] ?? 'true');
  }
  return value;
}

function unquoted(written: string): string {
  const text = written.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted !== null) return (quoted[1] ?? '').replace(/\\(.)/g, '$1');
  return text.replace(/\s*[#;].*$/, '');
}
