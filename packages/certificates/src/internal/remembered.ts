/**
 * Answers that are worked out once for each object that is asked about, and forgotten with it. For pure functions only:
 * a search for a path asks about the same certificates over and over.
 *
 * @internal
 */

export const remembered = <Key extends object, Answer>(answer: (key: Key) => Answer): (key: Key) => Answer => {
  const known = new WeakMap<Key, { readonly answer: Answer }>()
  return (key) => {
    const old = known.get(key)
    if (old !== undefined) return old.answer
    const fresh = { answer: answer(key) }
    known.set(key, fresh)
    return fresh.answer
  }
}
