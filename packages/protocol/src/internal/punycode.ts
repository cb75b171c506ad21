/**
 * Punycode (RFC 3492) for one label without its `xn--`. Total: what cannot be coded is `undefined`. Which code points may
 * stand in a label is decided in `Idna.ts`, which also bounds their number.
 *
 * @internal
 */

export const decode = (text: string): string | undefined => {
  const cut = text.lastIndexOf("-")
  const output = Array.from(text.slice(0, Math.max(cut, 0)), (each) => each.charCodeAt(0))
  let point = initialPoint
  let index = 0
  let bias = initialBias
  let first = true
  let at = cut > 0 ? cut + 1 : 0
  while (at < text.length) {
    const read = readNumber(text, at, bias)
    if (read === undefined) return undefined
    const size = output.length + 1
    const sum = index + read.value
    point += Math.floor(sum / size)
    if (point > lastPoint || (point >= 0xd800 && point <= 0xdfff)) return undefined
    bias = adapt(read.value, size, first)
    first = false
    output.splice(sum % size, 0, point)
    index = (sum % size) + 1
    at = read.next
  }
  return String.fromCodePoint(...output)
}

export const encode = (text: string): string => {
  const points = [...text].map((each) => each.codePointAt(0) ?? 0)
  const basic = points.filter((each) => each < initialPoint)
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? "-" : "")
  let done = basic.length
  let last = initialPoint
  let delta = 0
  let bias = initialBias
  const higher = [...new Set(points.filter((each) => each >= initialPoint))].sort((one, other) => one - other)
  for (const next of higher) {
    delta += (next - last) * (done + 1)
    for (const point of points) {
      if (point < next) delta += 1
      if (point !== next) continue
      output += writeNumber(delta, bias)
      bias = adapt(delta, done + 1, done === basic.length)
      delta = 0
      done += 1
    }
    delta += 1
    last = next + 1
  }
  return output
}

const readNumber = (text: string, start: number, bias: number): { value: number; next: number } | undefined => {
  let value = 0
  let weight = 1
  let at = start
  for (let k = base;; k += base) {
    const digit = digits.indexOf(text.charAt(at) || " ")
    if (digit < 0) return undefined
    at += 1
    value += digit * weight
    // RFC 3492 §6.4; nothing lawful comes near.
    if (value > valueMax) return undefined
    const t = threshold(k, bias)
    if (digit < t) return { value, next: at }
    weight *= base - t
  }
}

const writeNumber = (value: number, bias: number): string => {
  let output = ""
  let rest = value
  for (let k = base;; k += base) {
    const t = threshold(k, bias)
    if (rest < t) return output + digits.charAt(rest)
    output += digits.charAt(t + ((rest - t) % (base - t)))
    rest = Math.floor((rest - t) / (base - t))
  }
}

const threshold = (k: number, bias: number): number => Math.min(Math.max(k - bias, tMin), tMax)

const adapt = (delta: number, size: number, first: boolean): number => {
  let rest = Math.floor(delta / (first ? damp : 2))
  rest += Math.floor(rest / size)
  let k = 0
  while (rest > ((base - tMin) * tMax) / 2) {
    rest = Math.floor(rest / (base - tMin))
    k += base
  }
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew))
}

// RFC 3492 §5.
const base = 36
const tMin = 1
const tMax = 26
const skew = 38
const damp = 700
const initialBias = 72
const initialPoint = 0x80
const lastPoint = 0x10ffff
const valueMax = 0x7fffffff
const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
