/** Reads the settings of git that a person's own process has in its environment. */

const mostSettings = 1000;

/**
 * The variables `GIT_CONFIG_COUNT`, `GIT_CONFIG_KEY_n` and `GIT_CONFIG_VALUE_n` for those settings whose keys fit;
 * none if git would not understand what is there.
 */
export function gitSettingsOf(base: NodeJS.ProcessEnv, keys: RegExp): Record<string, string> {
  const count = Number(base.GIT_CONFIG_COUNT);
  const kept: Record<string, string> = {};
  if (!Number.isInteger(count) || count > mostSettings) return kept;
  let next = 0;
  for (let at = 0; at < count; at += 1) {
    const key = base[`GIT_CONFIG_KEY_${at}`];
    const value = base[`GIT_CONFIG_VALUE_${at}`];
    if (key === undefined || value === undefined) return {};
    if (!keys.test(key)) continue;
    kept[`GIT_CONFIG_KEY_${next}`] = key;
    kept[`GIT_CONFIG_VALUE_${next}`] = value;
    next += 1;
  }
  return next === 0 ? {} : { GIT_CONFIG_COUNT: String(next), ...kept };
}
