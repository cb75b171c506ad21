import { assert, it } from "@effect/vitest"
import { type Action, Namespace } from "@xmpp-e2e/protocol"
import * as Voice from "@xmpp-e2e/recording/Voice"
import { Element } from "@xmpp-e2e/xml"
import * as Interpreter from "../src/Interpreter.ts"

/** Organs that write down what they are asked. */
const witnesses = (awaited: ReadonlyArray<number> = []) => {
  const told: Array<ReadonlyArray<unknown>> = []
  const tell = (name: string) => (...args: ReadonlyArray<unknown>): void => void told.push([name, ...args])
  const organs: Interpreter.Organs = {
    voice: Voice.make(),
    lane: { say: tell("say"), startTls: tell("startTls"), rest: tell("rest"), end: tell("end") },
    inbound: { restart: tell("restart"), stop: tell("stop"), take: () => Uint8Array.of(22) },
    timers: { set: tell("set"), clear: tell("clear") },
    tls: (as) => ({ as }),
    isAwaited: (request) => awaited.includes(request),
    judgePeer: tell("judgePeer"),
    judgeResumption: tell("judgeResumption"),
    deliver: tell("deliver"),
    refuse: tell("refuse"),
    report: tell("report"),
    drop: tell("drop")
  }
  return { organs, told }
}

const header = { _tag: "SendHeader", header: { contentNamespace: Namespace.client } } as const
const message = Element.make(Namespace.client, "message")

it("TLS-15 the unread bytes go to TLS", () => {
  const { organs, told } = witnesses()
  Interpreter.perform(organs, { _tag: "StartTls", as: "server" })
  assert.deepStrictEqual(told, [["startTls", { as: "server", unread: Uint8Array.of(22) }]])
})

it("what nobody of our side waits for is owed to the peer", () => {
  const { organs, told } = witnesses([7])
  for (
    const action of [header, { _tag: "SendElement", element: message, request: 7 }, {
      _tag: "SendElement",
      element: message
    }] as const
  ) {
    Interpreter.perform(organs, action)
  }
  assert.deepStrictEqual(told.filter(([, text]) => text === "<message/>"), [["say", "<message/>", 7, false], [
    "say",
    "<message/>",
    undefined,
    true
  ]])
})

it("VER-04 a header without a version leaves alone, and what follows it a moment later", () => {
  const modern = { ...header, header: { ...header.header, version: "1.0" } } as const
  for (const [action, wanted] of [[header, "say rest"], [modern, "say"]] as const) {
    const { organs, told } = witnesses()
    Interpreter.perform(organs, action)
    assert.strictEqual(told.map(([name]) => name).join(" "), wanted)
  }
})

it("every other action reaches its own organ", () => {
  const timer = { timer: "step", generation: 3 } as const
  const actions: ReadonlyArray<readonly [Action.Action, string]> = [
    [{ _tag: "SendFooter" }, "say"],
    [{ _tag: "SendWhitespace" }, "say"],
    [{ _tag: "RestartInput" }, "restart"],
    [{ _tag: "StopInput" }, "stop"],
    [{ _tag: "JudgePeer", chain: [] }, "judgePeer"],
    [{ _tag: "JudgeResumption", id: "x", identity: "a@b" }, "judgeResumption"],
    [{ _tag: "SetTimer", ...timer, after: 5 }, "set"],
    [{ _tag: "ClearTimer", ...timer }, "clear"],
    [{ _tag: "Deliver", stanza: message, delivery: { to: "a@b", canReply: true } }, "deliver"],
    [{ _tag: "Refuse", refusal: "closed" }, "refuse"],
    [{ _tag: "Report", notice: { _tag: "PeerClosed" } }, "report"],
    [{ _tag: "EndTransport" }, "end"],
    [{ _tag: "DropTransport" }, "drop"]
  ]
  for (const [action, organ] of actions) {
    const { organs, told } = witnesses()
    Interpreter.perform(organs, action)
    assert.deepStrictEqual(told.map(([name]) => name), [organ])
  }
})
