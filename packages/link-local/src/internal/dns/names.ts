/**
 * Domain names: labels, their text with escapes, and how two are compared. Bytes of names are in `reading.ts` and `writing.ts`.
 *
 * @internal
 */

/** A label as text cannot be told from a boundary unless its dots are marked. */
export const nameOf = (labels: ReadonlyArray<string>): string =>
  labels.map((label) => `${label.replaceAll("\\", "\\\\").replaceAll(".", "\\.")}.`).join("")

/** The labels of a name, unescaped; a last dot is not needed. */
export const labelsOf = (name: string): ReadonlyArray<string> =>
  Array.from(name.matchAll(/(?:[^.\\]|\\.)+/gsu), ([label]) => label.replaceAll(/\\(.)/gsu, "$1"))

/** RFC 1035 §2.3.3: letters of ASCII are the same in both cases, and nothing else is. */
export const fold = (name: string): string => name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
