/**
 * One file offered over the stream that two people have anyway: an out-of-band offer (XEP-0066) whose file is fetched over an
 * in-band bytestream (XEP-0047). `step` answers every state and every event; it reads and keeps no octet itself.
 *
 * Whoever is offered a file opens the bytestream, which is what XEP-0066 calls retrieving: nothing comes before a person has
 * said yes, and the offer is answered with a result only when the whole file is there and has the hash that was offered.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import type { FileOfferAction, FileOfferEvent, Outcome, Refused } from "./FileOfferEvent.ts"
import * as FileUrl from "./FileUrl.ts"
import * as SafeName from "./SafeName.ts"

/**
 * - `Offered`, `Sending`, `Sent`: our file; waiting for the peer to open, on its way, and waiting to hear that it is whole
 * - `Asking`, `Receiving`, `Checking`: the peer's file; a person is asked, it comes, and its hash is made
 * - `Over`: finished, and nothing changes any more
 *
 * `octets` counts what the peer has acknowledged or storage has kept, `pending` what is on its way to either.
 *
 * @since 0.1.0
 * @category models
 */
export type FileOfferState =
  | Still<"Offered">
  | Sending
  | Still<"Sent">
  | Still<"Asking">
  | Receiving
  | Still<"Checking">
  | { readonly _tag: "Over"; readonly outcome: Outcome }

/**
 * @since 0.1.0
 * @category models
 */
export interface Still<Tag extends string> {
  readonly _tag: Tag
  readonly file: FileUrl.OfferedFile
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Sending extends Still<"Sending"> {
  readonly octets: number
  readonly pending: number
}

/**
 * `pending` holds the octets of each block that storage has not kept yet.
 *
 * @since 0.1.0
 * @category models
 */
export interface Receiving extends Still<"Receiving"> {
  readonly octets: number
  readonly pending: ReadonlyArray<number>
  readonly isOpen: boolean
}

/**
 * A state and what to do, in order.
 *
 * @since 0.1.0
 * @category models
 */
export interface Done {
  readonly state: FileOfferState
  readonly actions: ReadonlyArray<FileOfferAction>
}

/**
 * Offers a file of ours; `owner` is our address as the peer knows it, and the sid one that was never used.
 *
 * @since 0.1.0
 * @category constructors
 */
export const offer = (owner: string, file: FileUrl.OfferedFile): Done => ({
  state: { _tag: "Offered", file },
  actions: [{ _tag: "Expect", sid: file.sid }, { _tag: "Offer", element: FileUrl.toElement(owner, file) }]
})

/**
 * Hears of a file of the peer's: asks, or refuses without asking what is unsound or has more than `sizeMax` octets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const receive = (peer: string, element: Element.Element, sizeMax: number): Done => {
  const read = FileUrl.fromElement(peer, element)
  if (Result.isFailure(read)) {
    const error = read.failure.reason === "malformed" || read.failure.reason === "otherOwner"
      ? notAcceptable
      : notImplemented
    return over("Unsound", [{ _tag: "Answer", error }, { _tag: "Declined", why: read.failure.message }])
  }
  const file = read.success
  return file.size > sizeMax
    ? over("Refused", [{ _tag: "Answer", error: notAcceptable }, {
      _tag: "Declined",
      why: tooLarge(file.size, sizeMax)
    }])
    : {
      state: { _tag: "Asking", file },
      actions: [{ _tag: "Ask", name: SafeName.fromOffered(file.name), size: file.size }]
    }
}

/**
 * The next state, and what to do. Total: an event that does not fit changes nothing.
 *
 * @since 0.1.0
 * @category transitions
 */
export const step = (state: FileOfferState, event: FileOfferEvent): Done => {
  if (event._tag === "ResumeRequested") return { state, actions: [{ _tag: "Declined", why: noResumption }] }
  switch (state._tag) {
    case "Offered":
    case "Sending":
    case "Sent":
      return sender(state, event)
    case "Asking":
      return asking(state, event)
    case "Receiving":
      return receiving(state, event)
    case "Checking":
      return checking(state, event)
    case "Over":
      return { state, actions: [] }
  }
}

type Own = Still<"Offered"> | Sending | Still<"Sent">

const sender = (state: Own, event: FileOfferEvent): Done => {
  const { file: { sid } } = state
  const given: ReadonlyArray<FileOfferAction> = state._tag === "Sent"
    ? []
    : [{ _tag: state._tag === "Offered" ? "Close" : "Abort", sid }]
  switch (event._tag) {
    case "Answered":
      if (event.condition === undefined) {
        return state._tag === "Sent" ? over("Delivered", []) : over("Interrupted", given)
      }
      return over(outcomeOf(state, event.condition), given)
    case "CancelRequested":
      return over("Cancelled", given)
    case "StorageFailed":
      return over("Unusable", given)
    // Once all is sent, what counts is the answer to the offer.
    case "Ended":
      return state._tag === "Sent" ? stay(state) : over("Cancelled", [])
    case "Failed":
      return over("Interrupted", [])
    case "Opened":
      return state._tag === "Offered"
        ? next({ _tag: "Sending", file: state.file, octets: 0, pending: 0 }, [])
        : stay(state)
    case "Read":
    case "Acknowledged":
      return state._tag === "Sending" ? sending(state, event) : stay(state)
    default:
      return stay(state)
  }
}

/** What an error says depends on how far the file had come. */
const outcomeOf = (state: Own, condition: string): Outcome => {
  if (condition === "not-acceptable") return state._tag === "Offered" ? "Refused" : "Cancelled"
  if (condition === "item-not-found") return state._tag === "Sent" ? "Damaged" : "Interrupted"
  return state._tag === "Offered" ? "Refused" : "Interrupted"
}

const sending = (
  state: Sending,
  event: Extract<FileOfferEvent, { readonly _tag: "Read" | "Acknowledged" }>
): Done => {
  const { file: { sid, size }, octets, pending } = state
  if (event._tag === "Acknowledged") {
    const sent = Math.min(octets + event.octets, size)
    const left = Math.max(0, pending - event.octets)
    const progress: FileOfferAction = { _tag: "Progress", octets: sent, size }
    return left > 0
      ? { state: { ...state, octets: sent, pending: left }, actions: [progress] }
      : next({ ...state, octets: sent, pending: 0 }, [progress])
  }
  // One piece at a time: nothing was asked for while another is on its way.
  if (pending > 0) return stay(state)
  return event.bytes.length === Math.min(pieceMax, size - octets)
    ? { state: { ...state, pending: event.bytes.length }, actions: [{ _tag: "Write", sid, bytes: event.bytes }] }
    : over("Unusable", [{ _tag: "Abort", sid }])
}

/** The next piece, or the end. */
const next = (state: Sending, actions: ReadonlyArray<FileOfferAction>): Done => {
  const { file, octets } = state
  return octets < file.size
    ? {
      state,
      actions: [...actions, { _tag: "ReadFile", offset: octets, octets: Math.min(pieceMax, file.size - octets) }]
    }
    : { state: { _tag: "Sent", file }, actions: [...actions, { _tag: "Close", sid: file.sid }] }
}

const asking = (state: Still<"Asking">, event: FileOfferEvent): Done => {
  const { file } = state
  if (event._tag === "AcceptRequested") {
    return {
      state: { _tag: "Receiving", file, octets: 0, pending: [], isOpen: false },
      actions: [{ _tag: "Open", sid: file.sid }]
    }
  }
  const isRefusal = event._tag === "RefuseRequested" || event._tag === "CancelRequested"
  return isRefusal ? over("Refused", [{ _tag: "Answer", error: notAcceptable }]) : stay(state)
}

const receiving = (state: Receiving, event: FileOfferEvent): Done => {
  const { file: { sid } } = state
  const abort: ReadonlyArray<FileOfferAction> = [{ _tag: "Abort", sid }]
  switch (event._tag) {
    case "Opened":
      return { state: { ...state, isOpen: true }, actions: [] }
    case "Delivered":
      return state.isOpen ? delivered(state, event.bytes) : stay(state)
    case "Appended":
      return appended(state)
    case "Ended":
      return state.octets === state.file.size && state.isOpen
        ? { state: { _tag: "Checking", file: state.file }, actions: [{ _tag: "Hash" }] }
        : lost("Interrupted", [])
    case "Failed":
      return lost("Interrupted", [])
    case "StorageFailed":
      return lost("Unusable", abort)
    case "CancelRequested":
      return lost("Cancelled", abort, notAcceptable)
    default:
      return stay(state)
  }
}

/** Never more than was said and agreed to. */
const delivered = (state: Receiving, bytes: Uint8Array): Done => {
  const pending = [...state.pending, bytes.length]
  return pending.reduce((sum, each) => sum + each, state.octets) > state.file.size
    ? lost("Damaged", [{ _tag: "Abort", sid: state.file.sid }])
    : { state: { ...state, pending }, actions: [{ _tag: "Append", bytes }] }
}

const appended = (state: Receiving): Done => {
  const [first, ...pending] = state.pending
  if (first === undefined) return stay(state)
  const octets = state.octets + first
  return {
    state: { ...state, octets, pending },
    actions: [{ _tag: "Consumed", sid: state.file.sid }, { _tag: "Progress", octets, size: state.file.size }]
  }
}

const checking = (state: Still<"Checking">, event: FileOfferEvent): Done => {
  if (event._tag === "StorageFailed") return lost("Unusable", [])
  if (event._tag === "CancelRequested") return lost("Cancelled", [], notAcceptable)
  if (event._tag !== "Hashed") return stay(state)
  return event.sha256 === state.file.sha256
    ? over("Delivered", [{ _tag: "Keep", name: SafeName.fromOffered(state.file.name) }, { _tag: "Answer" }])
    : lost("Damaged", [])
}

/**
 * Whatever came is not kept: a part of a file looks like a file. The answer goes first, so that the peer learns the reason
 * before its bytestream breaks.
 */
const lost = (outcome: Outcome, actions: ReadonlyArray<FileOfferAction>, error: Refused = notFound): Done =>
  over(outcome, [{ _tag: "Answer", error }, ...actions, { _tag: "Discard" }])

const over = (outcome: Outcome, actions: ReadonlyArray<FileOfferAction>): Done => ({
  state: { _tag: "Over", outcome },
  actions: [...actions, { _tag: "Finished", outcome }]
})

const stay = (state: FileOfferState): Done => ({ state, actions: [] })

const tooLarge = (size: number, sizeMax: number): string =>
  `The file has ${size} octets, and ${sizeMax} are the most that are taken; raise the limit and ask for it anew.`

const notAcceptable: Refused = { type: "modify", condition: "not-acceptable" }
const notFound: Refused = { type: "cancel", condition: "item-not-found" }
const notImplemented: Refused = { type: "cancel", condition: "feature-not-implemented" }
const noResumption = "A transfer that broke off is not resumed; offer the file anew, and it is sent from its beginning."
/** Octets read and written at a time. */
const pieceMax = 65_536
