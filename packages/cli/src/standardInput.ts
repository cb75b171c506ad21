/** Standard input, by the name that it has everywhere. */
export const standardInput = "-"
