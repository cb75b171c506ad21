/**
 * Rules that are applied again until nothing changes (RFC 8264 §7): one rule can make work for another that came before it.
 *
 * @internal
 */

/** The text at rest, or what refused it; `undefined` when three more rounds after the first still changed it. */
export const settle = <Refusal extends object>(
  text: string,
  apply: (text: string) => string | Refusal
): string | Refusal | undefined => {
  let current = text
  for (let round = 0; round <= roundsMore; round += 1) {
    const next = apply(current)
    if (next === current || typeof next === "object") return next
    current = next
  }
  return undefined
}

const roundsMore = 3
