/**
 * One end of a simulated stream: the real reader, the real serialiser and the reducer, wired as a shell has to wire them.
 * One event of the reader is taken, its actions are performed in order, and only then is the next one taken.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event, Verdict } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { type Element, Serialize } from "@xmpp-e2e/xml"
import * as Alarms from "../internal/simulator/alarms.ts"
import * as Asking from "../internal/simulator/asking.ts"
import * as Ear from "../internal/simulator/ear.ts"
import * as Voice from "../internal/simulator/voice.ts"
import type { Random } from "../Random.ts"
import type { Reduce, Step } from "../Run.ts"
import type { Clock } from "./Clock.ts"
import * as FakeTls from "./FakeTls.ts"
import type { Listener, Port, Side } from "./Link.ts"
import type { Refit, Shell } from "./Subject.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly config: Config.Config
  readonly side: Side
  readonly clock: Clock
  readonly random: Random
  readonly open: (listener: Listener) => Port
  readonly tls: { readonly manner: FakeTls.Manner; readonly chain: ReadonlyArray<string> }
  /** The verdict, and after how many milliseconds; `undefined` when there will never be one. */
  readonly judge: (question: Question) => { readonly verdict: Verdict.Verdict; readonly after: number } | undefined
  /** The session store of a recipient. */
  readonly sessions: ReadonlyArray<Event.Resumption>
  /** Written right behind our footer, against all rules. */
  readonly afterFooter?: string
  readonly step?: Reduce
  readonly shell?: Shell
  readonly reader?: Refit
}

/**
 * @since 0.1.0
 * @category models
 */
export type Question = Extract<Action.Action, { readonly _tag: "JudgePeer" }>

/**
 * What came over the wire and what happened besides, in the order in which the reader and the reducer met it: enough to
 * cut the bytes otherwise and try again (`Chunks`).
 *
 * @since 0.1.0
 * @category models
 */
export type Input = { readonly bytes: Uint8Array } | { readonly event: Event.Event }

/**
 * Bytes that the reader was given, or that left for the link or for TLS, and how many steps there had been.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chunk {
  readonly direction: "in" | "out"
  readonly bytes: Uint8Array
  readonly after: number
}

/**
 * A stanza that our own side was given, and the index of the step that asked for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Delivered {
  readonly stanza: Element.Element
  readonly at: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Endpoint {
  readonly state: () => State
  /** Something of our own side, or of the world. */
  readonly tell: (event: Event.Event) => void
  /** The clock of this end leaps: its timers are due that much sooner. */
  readonly leap: (millis: number) => void
  /** Nothing waits to be read or judged. */
  readonly isQuiet: () => boolean
  /** What this end still has in its hands, in words; nothing once it is closed. */
  readonly holds: () => ReadonlyArray<string>
  readonly trace: ReadonlyArray<Step>
  readonly inputs: ReadonlyArray<Input>
  readonly chunks: ReadonlyArray<Chunk>
  readonly delivered: ReadonlyArray<Delivered>
  /** When each step of the trace happened. */
  readonly times: ReadonlyArray<number>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Endpoint => {
  const { clock, config, random, side } = options
  const freshId = (): string => `${side}-${random.next().toString(36)}-${end.trace.length}`
  const post = (event: Event.Event): void => {
    end.waiting.push(event)
    run(end)
  }
  const end: End = {
    options,
    ear: Ear.make(config.limits, freshId, options.reader),
    alarms: Alarms.make(clock, post),
    say: Voice.make(options.afterFooter ?? ""),
    port: options.open({
      heard: (bytes) => {
        if (end.tls === undefined) end.ear.heard(bytes)
        else end.tls.receive(bytes)
        run(end)
      },
      ended: () => {
        // A handshake that is cut short fails; nobody reads then.
        if (end.tls !== undefined && !end.tls.isEstablished()) return post({ _tag: "TransportEnded" })
        end.ear.ended()
        run(end)
      },
      lost: () => {
        end.ear.lost()
        post({ _tag: "TransportLost", fault: "reset" })
      }
    }),
    post,
    waiting: [],
    trace: [],
    inputs: [],
    chunks: [],
    delivered: [],
    times: [],
    state: Reducer.initial(config),
    tls: undefined,
    busy: false,
    heardAll: false,
    saidAll: false,
    dropped: false,
    judging: 0
  }
  return {
    state: () => end.state,
    tell: post,
    leap: end.alarms.leap,
    isQuiet: () => end.judging === 0 && (end.state._tag === "Closed" || end.ear.isEmpty()),
    holds:
      () => [...end.dropped ? [] : ["the transport"], ...end.alarms.running().map((timer) => `the timer ${timer}`)],
    trace: end.trace,
    inputs: end.inputs,
    chunks: end.chunks,
    delivered: end.delivered,
    times: end.times
  }
}

interface End {
  readonly options: Options
  readonly ear: Ear.Ear
  readonly alarms: Alarms.Alarms
  readonly say: (action: Action.Action) => string | undefined
  readonly port: Port
  readonly post: (event: Event.Event) => void
  /** Events that are not the reader's, in their order. */
  readonly waiting: Array<Event.Event>
  readonly trace: Array<Step>
  readonly inputs: Array<Input>
  readonly chunks: Array<Chunk>
  readonly delivered: Array<Delivered>
  readonly times: Array<number>
  state: State
  tls: FakeTls.FakeTls | undefined
  busy: boolean
  heardAll: boolean
  saidAll: boolean
  dropped: boolean
  judging: number
}

/** Whatever performing brings up waits until the actions of the step are done. */
const run = (end: End): void => {
  if (end.busy) return
  end.busy = true
  for (let event = next(end); event !== undefined; event = next(end)) take(end, event)
  end.busy = false
}

const next = (end: End): Event.Event | undefined => {
  const { ear, inputs, state, waiting } = end
  const first = waiting.shift()
  const mayRead = state._tag !== "Closed" && (ear.isStopped() || Reducer.wantsInput(state))
  const event = first ?? (mayRead ? ear.next((bytes) => hear(end, bytes)) : undefined)
  if (event?._tag === "TransportEnded") {
    end.heardAll = true
    lose(end)
  }
  if (event !== undefined && (first !== undefined || event._tag === "TransportEnded")) inputs.push({ event })
  return event
}

const hear = ({ chunks, inputs, trace }: End, bytes: Uint8Array): void => {
  inputs.push({ bytes })
  chunks.push({ direction: "in", bytes, after: trace.length })
}

/** Both directions have ended: nobody else will say that the transport is gone. */
const lose = ({ heardAll, saidAll, waiting }: End): void => {
  if (heardAll && saidAll) waiting.push({ _tag: "TransportLost" })
}

const take = (end: End, event: Event.Event): void => {
  const { clock, shell = ({ actions }) => actions, step = Reducer.step } = end.options
  const before = end.state
  if (before._tag === "Closed" && event._tag !== "SendRequested") return
  const [after, actions] = step(before, event)
  end.state = after
  const taken: Step = { before, event, after, actions }
  end.trace.push(taken)
  end.times.push(clock.now())
  let text = ""
  for (const action of shell(taken)) {
    const said = end.say(action)
    if (said !== undefined) text += said
    else {
      write(end, text)
      text = ""
      act(end, action)
    }
  }
  write(end, text)
}

const write = ({ chunks, port, tls, trace }: End, text: string): void => {
  if (text === "") return
  const bytes = Serialize.utf8(text)
  chunks.push({ direction: "out", bytes, after: trace.length })
  if (tls === undefined) port.write(bytes)
  else tls.write(bytes)
}

const act = (end: End, action: Action.Action): void => {
  const { alarms, ear, port } = end
  switch (action._tag) {
    case "StartTls":
      return startTls(end, action.as)
    case "RestartInput":
      return ear.restart()
    case "StopInput":
      return ear.stop()
    case "JudgePeer":
      return Asking.judge(end, action)
    case "JudgeResumption":
      return Asking.judgeResumption(end, action.id)
    case "SetTimer":
      return alarms.set(action)
    case "ClearTimer":
      return alarms.clear(action.timer)
    case "Deliver":
      end.delivered.push({ stanza: action.stanza, at: end.trace.length - 1 })
      return
    case "EndTransport":
      end.tls?.end()
      port.end()
      end.saidAll = true
      return lose(end)
    case "DropTransport":
      alarms.stop()
      end.dropped = true
      return port.drop()
  }
}

/** TLS-15: what nobody has looked at goes to TLS as it is. */
const startTls = (end: End, as: "client" | "server"): void => {
  const { ear, options, port, post } = end
  const tls = FakeTls.make({
    as,
    ...options.tls,
    send: port.write,
    established: (facts) => post({ _tag: "TlsEstablished", facts }),
    failed: (fault) => post({ _tag: "TlsFailed", fault }),
    heard: ear.heard,
    ended: ear.ended,
    broken: () => post({ _tag: "TransportLost", fault: "bytes were changed" })
  })
  end.tls = tls
  const unread = ear.take()
  tls.start()
  for (const bytes of unread) tls.receive(bytes)
}
