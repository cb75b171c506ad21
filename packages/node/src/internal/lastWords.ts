/** What still has to be done when the process ends by itself and nothing asynchronous happens any more. */

/** Called once, as the process ends; what it throws is lost. Gives the way to take it back. @internal */
export const enlist = (word: () => void): () => void => {
  if (words.size === 0) process.on("exit", sayAll)
  words.add(word)
  return () => {
    words.delete(word)
    if (words.size === 0) process.off("exit", sayAll)
  }
}

const words = new Set<() => void>()

/** One that fails must not keep the others from speaking. */
const sayAll = (): void => {
  for (const word of words) {
    try {
      word()
    } catch {
      // Nobody is left who could be told.
    }
  }
}
