/** One direction of a simulated link: pieces on their way, and what happens to them. */
import { Serialize } from "@xmpp-e2e/xml"
import type { Random } from "../../Random.ts"
import type { Clock } from "../../simulator/Clock.ts"
import type { Meddling, Options, Side } from "../../simulator/Link.ts"
import { concat, latin } from "../bytes.ts"

export interface Lane {
  readonly send: (bytes: Uint8Array) => void
  readonly end: () => void
  /** Nothing that is on its way arrives; instead the other side is told so. */
  readonly takeBack: (tell: () => void) => void
  readonly isQuiet: () => boolean
}

export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly options: Options
  readonly from: Side
  readonly heard: (bytes: Uint8Array) => void
  readonly ended: () => void
  readonly broken: () => void
}

export const make = (ports: Ports): Lane => {
  const { broken, from, options, random } = ports
  const harms = harmsOf(from, options)
  const meddle = meddlerOf((options.middle ?? []).filter((each) => each.from === from))
  const pipe = makePipe(ports)
  let written = 0
  let over = false
  let mute = false

  const push = (piece: Uint8Array | "end"): void => {
    if (!mute) pipe.push(piece)
  }

  const end = (): void => {
    if (!over) push("end")
    over = true
  }

  const suffer = (): void => {
    switch (harms.shift()?.harm) {
      case "stall":
        return pipe.stall(options.stall?.millis ?? 0)
      case "mute":
        mute = true
        return
      case "halfClose":
        return end()
      case "reset":
        return broken()
    }
  }

  return {
    send: (bytes) => {
      const rest = over ? new Uint8Array() : meddle(bytes)
      for (let at = 0; at < rest.length && !over;) {
        const untilHarm = (harms[0]?.at ?? Infinity) - written
        const size = Math.min(random.between(options.chunk), rest.length - at, untilHarm)
        if (size > 0) push(rest.subarray(at, at + size))
        written += size
        at += size
        if (size === untilHarm) suffer()
      }
    },
    end,
    takeBack: (tell) => {
      over = true
      // Whoever has fallen silent does not say so.
      pipe.empty(mute ? () => undefined : tell)
    },
    isQuiet: pipe.isQuiet
  }
}

interface Pipe {
  readonly push: (piece: Uint8Array | "end") => void
  /** Whatever comes after this comes later. */
  readonly stall: (millis: number) => void
  readonly empty: (tell: () => void) => void
  readonly isQuiet: () => boolean
}

/** Pieces on their way, in order. */
const makePipe = ({ clock, ended, heard, options, random }: Ports): Pipe => {
  const pieces: Array<Uint8Array | "end"> = []
  let underway = 0
  let arrival = 0

  /** None arrives before the one in front of it. */
  const schedule = (task: () => void, extra = 0): void => {
    arrival = Math.max(arrival, clock.now() + random.between(options.latency)) + extra
    underway += 1
    clock.after(arrival - clock.now(), () => {
      underway -= 1
      task()
    })
  }

  const deliver = (): void => {
    const together: Array<Uint8Array> = []
    for (let piece = pieces[0]; piece !== undefined && piece !== "end"; piece = pieces[0]) {
      pieces.shift()
      together.push(piece)
      if (!random.chance(options.coalesce)) break
    }
    if (together.length > 0) return heard(concat(together))
    if (pieces.shift() === "end") ended()
  }

  return {
    push: (piece) => {
      pieces.push(piece)
      schedule(deliver)
    },
    stall: (millis) => schedule(deliver, millis),
    empty: (tell) => {
      pieces.length = 0
      schedule(tell)
    },
    isQuiet: () => underway === 0
  }
}

interface Harm {
  readonly harm: "stall" | "mute" | "halfClose" | "reset"
  readonly at: number
}

const harmsOf = (from: Side, { halfClose, mute, reset, stall }: Options): Array<Harm> =>
  ([["stall", stall], ["mute", mute], ["halfClose", halfClose], ["reset", reset]] as const)
    .flatMap(([harm, place]): ReadonlyArray<Harm> => place?.from === from ? [{ harm, at: place.at }] : [])
    .sort((one, other) => one.at - other.at)

const meddlerOf = (middle: ReadonlyArray<Meddling>): (bytes: Uint8Array) => Uint8Array => {
  let seen = 0
  return (bytes) => {
    const from = seen
    seen += bytes.length
    return middle.reduce((changed, each) => {
      if ("strip" in each) return fromLatin(latin(changed).replace(features[each.strip], ""))
      const at = each.at - from
      if (at < 0 || at >= bytes.length) return changed
      const keep = Math.min(at, changed.length)
      return concat([changed.subarray(0, keep), Serialize.utf8(each.insert), changed.subarray(keep + each.remove)])
    }, bytes)
  }
}

const fromLatin = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0))

const features = {
  starttls: /<starttls[^>]*(?:\/>|>.*?<\/starttls>)/,
  mechanisms: /<mechanisms[^>]*>.*?<\/mechanisms>/
} as const
