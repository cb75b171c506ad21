/** What a check has to say about a place; every check of the house answers with a list of these. */
export interface Violation {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly problem: string
}

/** As editors and terminals link it: `packages/xml/src/Reader.ts:12 uses process`. */
export const show = ({ line, path, problem }: Violation): string => `${path}:${line} ${problem}`
