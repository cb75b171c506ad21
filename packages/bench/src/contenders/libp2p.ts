/**
 * js-libp2p: TCP, Noise, yamux; a message each, with its length before it. Once with bytes that were encoded beforehand and
 * are only cut into frames, once with JSON.
 */
import { noise } from "@chainsafe/libp2p-noise"
import { yamux } from "@chainsafe/libp2p-yamux"
import { tcp } from "@libp2p/tcp"
import { multiaddr } from "@multiformats/multiaddr"
import { createLibp2p } from "libp2p"
import { Buffer } from "node:buffer"
import type { Corpus } from "../corpus/corpus.ts"
import { bytesOf } from "./bare.ts"
import { type Arrived, type Contender, type End, one, perItem } from "./contender.ts"

const node = (listen: ReadonlyArray<string>) =>
  createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()]
  })

type Node = Awaited<ReturnType<typeof node>>
type Conversation = Awaited<ReturnType<Node["dialProtocol"]>>

/** How a corpus becomes frames, and a frame what a handler gets. */
interface Form {
  readonly load: (corpus: Corpus) => Iterable<Uint8Array>
  readonly read: (frame: Buffer) => unknown
}

const speak = (at: Node, conversation: Conversation, arrived: Arrived, form: Form): End => {
  const cut = cutting((frame) => arrived(form.read(frame)))
  conversation.addEventListener("message", ({ data }) => cut(data instanceof Uint8Array ? data : data.subarray()))
  return {
    load: (corpus) => {
      const frames = form.load(corpus)
      return async () => {
        for (const batch of batched(frames)) if (!conversation.send(batch)) await conversation.onDrain()
      }
    },
    close: async () => at.stop()
  }
}

/** Cuts what comes into frames: four octets of length, and as many octets as they say. */
const cutting = (arrived: (frame: Buffer) => void): (bytes: Uint8Array) => void => {
  let held: Array<Uint8Array> = []
  let size = 0
  let wanted = 4
  return (bytes) => {
    held.push(bytes)
    size += bytes.length
    if (size < wanted) return
    const all = Buffer.concat(held)
    let at = 0
    for (wanted = 4; size - at >= wanted;) {
      wanted = 4 + all.readUInt32BE(at)
      if (size - at < wanted) break
      arrived(all.subarray(at + 4, at + wanted))
      at += wanted
      wanted = 4
    }
    held = [all.subarray(at)]
    size -= at
  }
}

/** A send costs libp2p much, so frames share one. */
function* batched(frames: Iterable<Uint8Array>): Generator<Uint8Array> {
  let batch: Array<Uint8Array> = []
  let size = 0
  for (const frame of frames) {
    batch.push(frame)
    size += frame.length
    if (size < batchBytes) continue
    yield Buffer.concat(batch)
    batch = []
    size = 0
  }
  yield Buffer.concat(batch)
}

const batchBytes = 16_384

const frameOf = (bytes: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(4 + bytes.length)
  frame.writeUInt32BE(bytes.length)
  frame.set(bytes, 4)
  return frame
}

const protocol = "/xmpp-e2e/bench/1"

const listen = (form: Form): Contender["listen"] => async (_, arrived, accepted) => {
  const at = await node(["/ip4/127.0.0.1/tcp/0"])
  await at.handle(protocol, (conversation) => accepted(speak(at, conversation, arrived, form)))
  return { at: String(at.getMultiaddrs()[0]), stop: async () => void await at.stop() }
}

const dial = (form: Form): Contender["dial"] => async (_, to, arrived) => {
  const at = await node([])
  return speak(at, await at.dialProtocol(multiaddr(to), protocol), arrived, form)
}

const contender = (name: string, about: string, form: Form): Contender => ({
  name,
  about,
  listen: listen(form),
  dial: dial(form),
  weigh: one,
  total: perItem
})

export const libp2pBytes = contender(
  "libp2p, bytes",
  "js-libp2p with TCP, Noise and yamux: the same bytes, encoded beforehand, in frames that nobody opens",
  { load: (corpus) => bytesOf(corpus).map(frameOf), read: (frame) => frame }
)

export const libp2pJson = contender(
  "libp2p, JSON",
  "js-libp2p with TCP, Noise and yamux: JSON.stringify and JSON.parse, a frame each",
  {
    load: (corpus) => {
      const objects = corpus.objects()
      return {
        *[Symbol.iterator]() {
          for (const each of objects) yield frameOf(Buffer.from(JSON.stringify(each)))
        }
      }
    },
    read: (frame) => JSON.parse(frame.toString())
  }
)
