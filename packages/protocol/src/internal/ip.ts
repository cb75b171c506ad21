/**
 * IP literals: text to octets, and IPv6 octets to the one text of RFC 5952 (JID-11).
 *
 * @internal
 */

/** Four octets of dotted decimals without leading zeros. */
export const parseV4 = (text: string): ReadonlyArray<number> | undefined => {
  const parts = text.split(".")
  if (parts.length !== 4 || !parts.every((each) => /^(0|[1-9][0-9]{0,2})$/.test(each))) return undefined
  const octets = parts.map(Number)
  return octets.every((each) => each <= 255) ? octets : undefined
}

/** Sixteen octets of an IPv6 address without brackets; zones are refused. */
export const parseV6 = (text: string): ReadonlyArray<number> | undefined => {
  const halves = text.split("::")
  if (halves.length > 2) return undefined
  const head = groups(halves[0] ?? "", halves.length === 1)
  const tail = groups(halves[1] ?? "", true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail]
}

export const formatV6 = (octets: ReadonlyArray<number>): string => {
  // RFC 5952 §5: the only well-known prefix with an embedded IPv4 address that hosts still meet.
  if (octets.slice(0, 10).every((each) => each === 0) && octets[10] === 255 && octets[11] === 255) {
    return `::ffff:${octets.slice(12).join(".")}`
  }
  const words = Array.from({ length: 8 }, (_, at) => (octets[2 * at] ?? 0) * 256 + (octets[2 * at + 1] ?? 0))
  const run = longestRun(words)
  const hex = (part: ReadonlyArray<number>): string => part.map((each) => each.toString(16)).join(":")
  return run.size < 2 ? hex(words) : `${hex(words.slice(0, run.start))}::${hex(words.slice(run.start + run.size))}`
}

const groups = (text: string, mayEndInV4: boolean): ReadonlyArray<number> | undefined => {
  if (text === "") return []
  const parts = text.split(":")
  const last = parts.at(-1) ?? ""
  const embedded = mayEndInV4 && last.includes(".") ? parseV4(last) : []
  if (embedded === undefined) return undefined
  const words = embedded.length > 0 ? parts.slice(0, -1) : parts
  if (!words.every((each) => /^[0-9a-f]{1,4}$/i.test(each))) return undefined
  return [...words.flatMap((each) => [Number.parseInt(each, 16) >> 8, Number.parseInt(each, 16) & 255]), ...embedded]
}

const longestRun = (words: ReadonlyArray<number>): { start: number; size: number } => {
  let best = { start: 0, size: 0 }
  for (let start = 0; start < words.length; start++) {
    let size = 0
    while (words[start + size] === 0) size++
    if (size > best.size) best = { start, size }
  }
  return best
}
