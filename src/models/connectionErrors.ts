/** Says for a person why a server could not be reached. */

/** The sentence for a failed connection to `host`; `error` may hold its system error some causes deep. */
export function describeConnectionError(error: Error, host: string): string {
  const code = systemErrorCode(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} could not be resolved (${code}). Check your network connection and the base URL.`;
    case 'ECONNREFUSED':
      return `${host} refused the connection (${code}). Check that a server listens there, or the base URL.`;
    case undefined:
      return `${host} could not be reached. Check your network connection and the base URL.`;
    default:
      return /CERT|SELF_SIGNED|TLS|SSL/.test(code)
        ? `The certificate of ${host} was not accepted (${code}). Check the base URL and your proxy's certificates.`
        : `${host} could not be reached (${code}). Check your network connection and the base URL.`;
  }
}

/** The innermost `code` along the causes; `fetch` puts the system's error two or three levels down. */
function systemErrorCode(error: unknown): string | undefined {
  let code: string | undefined;
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if ('code' in at && typeof at.code === 'string') code = at.code;
  return code;
}
