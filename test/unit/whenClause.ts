/** Reads the when-clauses of package.json as VS Code does: `&&` binds tighter than `||`; `!`, `==`, `!=` and `=~`. */
export type WhenContext = Readonly<Record<string, string | number | boolean>>;

/** Whether a clause holds; keys that the context lacks are undefined, as in VS Code. */
export function holds(clause: string | undefined, context: WhenContext): boolean {
  if (clause === undefined) return true;
  return split(clause, '||').some((part) => split(part, '&&').every((term) => termHolds(term, context)));
}

/** Operators inside of a pattern are part of it. */
function split(clause: string, operator: '||' | '&&'): readonly string[] {
  const parts: string[] = [''];
  let isPattern = false;
  for (let at = 0; at < clause.length; at += 1) {
    if (clause[at] === '/' && clause[at - 1] !== '\\') isPattern = !isPattern;
    if (!isPattern && clause.startsWith(operator, at)) {
      parts.push('');
      at += 1;
    } else parts[parts.length - 1] += clause[at] ?? '';
  }
  return parts.map((part) => part.trim());
}

function termHolds(term: string, context: WhenContext): boolean {
  if (term.startsWith('!')) return !termHolds(term.slice(1), context);
  const compared = /^(\S+) (==|!=|=~) (.+)$/.exec(term);
  if (!compared) return term === 'true' || (term !== 'false' && Boolean(context[term]));
  const [, key = '', operator, right = ''] = compared;
  const value = context[key];
  if (operator === '=~') return new RegExp(right.slice(1, right.lastIndexOf('/'))).test(String(value));
  return (String(value) === right.replace(/^'(.*)'$/, '$1')) === (operator === '==');
}
