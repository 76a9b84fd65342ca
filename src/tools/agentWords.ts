/** The words of an agent as a result brings them to another one. */

/** The same text, in which no notification stands: those come in messages of their own alone. */
export function agentWords(text: string): string {
  return text.replaceAll(/<(?=\s*\/?\s*task-notification)/gi, '&lt;');
}
