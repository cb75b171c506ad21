/**
 * Texts that a peer chose, made fit for people: nothing in them moves the cursor, turns the direction of writing, begins a
 * new line or fills the screen.
 *
 * @internal
 */

export const visible = (text: string): string => {
  const short = text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text
  return short.replace(invisible, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`)
}

export const quoted = (text: string): string => `"${visible(text).replaceAll("\"", "\\\"")}"`

/** For a sentence, which is no place for a hundred names. */
export const listed = (names: ReadonlyArray<string>, none: string): string => {
  const more = names.length - namesMax
  const some = names.slice(0, namesMax).map(visible).join(", ")
  return names.length === 0 ? none : more > 0 ? `${some} and ${more} more` : some
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const invisible = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu
const lengthMax = 200
const namesMax = 8
