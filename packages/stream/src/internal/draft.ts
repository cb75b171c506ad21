/**
 * What is said in one turn, on its way to become bytes. Each text is encoded by itself, so that one emoji does not widen
 * its neighbours, into a buffer that serves whoever drafts next; what leaves is a copy as large as it has to be.
 */

/** What goes out in one write. */
export interface Piece {
  readonly bytes: Uint8Array
  /** In UTF-16 units, which is near enough to bytes for what they bound. */
  readonly size: number
  /** Of those: units that nobody of our side waits for. */
  readonly owed: number
  readonly requests: ReadonlyArray<number>
}

export interface Draft {
  readonly add: (text: string, request: number | undefined, owed: boolean) => void
  /** What was added since, in pieces; empty when nothing was. */
  readonly take: () => ReadonlyArray<Piece>
}

export const make = (): Draft => new Turn()

class Turn implements Draft {
  /** The first text is not encoded before there is a second one: often there is none. */
  #first = ""
  #buffer = nothing
  #used = 0
  #size = 0
  #owed = 0
  #requests = none
  #pieces: Array<Piece> | undefined

  add(text: string, request: number | undefined, isOwed: boolean): void {
    if (bytesMost * (this.#size + text.length) > bufferBytes) this.#seal()
    if (request !== undefined) {
      if (this.#requests === none) this.#requests = []
      this.#requests.push(request)
    }
    if (this.#size === 0) this.#first = text
    else {
      if (this.#used === 0) this.#encode(this.#first)
      this.#encode(text)
    }
    this.#size += text.length
    if (isOwed) this.#owed += text.length
    if (this.#size >= pieceUnits) this.#seal()
  }

  take(): ReadonlyArray<Piece> {
    this.#seal()
    if (this.#buffer.length > 0) spare = this.#buffer
    this.#buffer = nothing
    const all = this.#pieces ?? nobody
    this.#pieces = undefined
    return all
  }

  #seal(): void {
    if (this.#size === 0) return
    const bytes = this.#used === 0 ? encoder.encode(this.#first) : this.#buffer.slice(0, this.#used)
    this.#pieces ??= []
    this.#pieces.push({ bytes, size: this.#size, owed: this.#owed, requests: this.#requests })
    this.#first = ""
    this.#used = 0
    this.#size = 0
    this.#owed = 0
    this.#requests = none
  }

  #encode(text: string): void {
    if (this.#buffer.length === 0) {
      this.#buffer = spare ?? new Uint8Array(bufferBytes)
      spare = undefined
    }
    const place = this.#used === 0 ? this.#buffer : this.#buffer.subarray(this.#used)
    this.#used += encoder.encodeInto(text, place).written
  }
}

/** Never written to. */
const none: Array<number> = []
const nobody: ReadonlyArray<Piece> = []
const encoder = new TextEncoder()
const nothing: Uint8Array<ArrayBuffer> = new Uint8Array(0)

/** UTF-8 of one UTF-16 unit, at most. */
const bytesMost = 3
const pieceUnits = 65_536
const bufferBytes = 262_144
let spare: Uint8Array<ArrayBuffer> | undefined
