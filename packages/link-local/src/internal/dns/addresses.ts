/**
 * Addresses between bytes and text: IPv4 with dots, IPv6 in the form of RFC 5952. Zones are no part of a record.
 *
 * @internal
 */

export const ipv4Text = (bytes: Uint8Array): string => bytes.join(".")

export const ipv4Bytes = (text: string): Uint8Array | undefined => {
  const parts = text.split(".")
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return Uint8Array.from(parts, Number)
}

export const ipv6Text = (bytes: Uint8Array): string => {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0))
  const [start, length] = longestZeros(groups)
  const text = (some: ReadonlyArray<number>): string => some.map((group) => group.toString(16)).join(":")
  return length < 2 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

/** The first of the longest runs, which is the one that `::` stands for. */
const longestZeros = (groups: ReadonlyArray<number>): readonly [start: number, length: number] => {
  let best: readonly [number, number] = [0, 0]
  let length = 0
  for (const [at, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best[1]) best = [at - length + 1, length]
  }
  return best
}

export const ipv6Bytes = (text: string): Uint8Array | undefined => {
  const halves = withoutDots(text).split("::")
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => half === "" ? [] : half.split(":"))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]))
}

/** `::ffff:192.0.2.1` has its last two groups as IPv4. */
const withoutDots = (text: string): string => {
  const [, before = "", dotted = ""] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? []
  const bytes = ipv4Bytes(dotted)
  if (bytes === undefined) return text
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return `${before}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

/** One text for one address, without its zone; nothing for what is no address. */
export const canonical = (text: string): string | undefined => {
  const [bare = ""] = text.split("%")
  const four = ipv4Bytes(bare)
  if (four !== undefined) return ipv4Text(four)
  const six = ipv6Bytes(bare)
  return six && ipv6Text(six)
}

/** Whether two addresses begin with the same `length` bits. */
export const samePrefix = (one: string, other: string, length: number): boolean => {
  const [a, b] = [one, other].map((text) => ipv4Bytes(text) ?? ipv6Bytes(text))
  if (a === undefined || b === undefined || a.length !== b.length) return false
  return a.every((byte, at) => {
    const bits = Math.max(0, Math.min(8, length - 8 * at))
    return (byte ^ (b[at] ?? 0)) >> (8 - bits) === 0
  })
}

/** `fe80::/10` */
export const isLinkScoped = (address: string): boolean => samePrefix(address, "fe80::", 10)
