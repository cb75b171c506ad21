/**
 * Lines on their way to becoming bytes. Places in memory are filled again and again, since fresh memory costs more than
 * filling it; and texts do not wait long, since what lives long costs the collector of garbage dearly.
 */

/** @internal */
export interface Batch {
  readonly add: (line: string) => void
  /** A line in UTF-8, which is copied. */
  readonly addOctets: (line: Uint8Array) => void
  /** UTF-16 units and octets that wait: near enough to either for what it bounds. */
  readonly size: () => number
  /** All lines so far, in pieces of whole lines, each of which is the caller's until it gives it back. */
  readonly take: () => Array<Uint8Array>
  readonly giveBack: (piece: Uint8Array) => void
}

/** @internal */
export const make = (): Batch => {
  let text = ""
  let place = Buffer.allocUnsafeSlow(placeOctets)
  let used = 0
  let sealed: Array<Uint8Array> = []
  let sealedOctets = 0
  let spare: Buffer<ArrayBuffer> | undefined

  const seal = (piece: Uint8Array): void => {
    if (piece.length === 0) return
    sealed.push(piece)
    sealedOctets += piece.length
  }

  const sealPlace = (): void => {
    if (used === 0) return
    seal(place.subarray(0, used))
    place = spare ?? Buffer.allocUnsafeSlow(placeOctets)
    spare = undefined
    used = 0
  }

  const encode = (): void => {
    if (text === "") return
    const octetsMax = text.length * octetsPerUnitMax
    if (octetsMax > placeOctets - used) sealPlace()
    if (octetsMax > placeOctets) seal(Buffer.from(text))
    else used += place.write(text, used)
    text = ""
  }

  return {
    add: (line) => {
      text += `${line}\n`
      if (text.length >= textMax) encode()
    },
    addOctets: (line) => {
      encode()
      if (line.length >= placeOctets - used) sealPlace()
      if (line.length >= placeOctets) return seal(Buffer.concat([line, lineEnd]))
      place.set(line, used)
      used += line.length
      place[used] = newline
      used += 1
    },
    size: () => text.length + used + sealedOctets,
    take: () => {
      encode()
      sealPlace()
      const taken = sealed
      sealed = []
      sealedOctets = 0
      return taken
    },
    giveBack: ({ buffer }) => {
      if (buffer instanceof ArrayBuffer && buffer.byteLength === placeOctets) spare = Buffer.from(buffer)
    }
  }
}

const newline = 0x0a
const lineEnd = Uint8Array.of(newline)
const placeOctets = 262_144
const textMax = 8192
/** UTF-8 of a UTF-16 unit. */
const octetsPerUnitMax = 3
