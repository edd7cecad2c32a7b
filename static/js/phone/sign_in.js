// Whether the server asks who this is.

/** @param {unknown} error */
export function needsSignIn(error) {
  const status = /** @type {{status?: number}} */ (error)?.status;
  return status === 401 || status === 403;
}
