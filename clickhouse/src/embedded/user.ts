/** The one user of the embedded server. */
export const USER = 'cairn'
