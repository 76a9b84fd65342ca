/** Keeps passwords and tokens in addresses from being shown. */

/** The text without names and passwords in addresses, and without tokens in their queries and in headers. */
export function withoutAddressSecrets(text: string): string {
  return text
    .replace(/\b(ssh|git\+ssh|ssh\+git):\/\/([^\s/:@]*):[^\s/]*@/gi, '$1://$2:[hidden]@')
    .replace(/\b((?!ssh:|git\+ssh:|ssh\+git:)[a-z][a-z0-9+.-]*):\/\/[^\s/]*@/gi, '$1://[hidden]@')
    .replace(/([?&][^=&\s]*(?:token|key|secret|password|sig)[^=&\s]*=)[^&\s]+/gi, '$1[hidden]')
    .replace(/(authorization:[ \t]*)\S.*$/gim, '$1[hidden]');
}
