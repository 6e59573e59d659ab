/** A spreadsheet runs a cell that begins like a formula; text of agents is hostile, so such cells get a quote in front. */
export const escapeFormula = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell)
