/** A recording of any length on disk, bytes and all: a session in which the peer sends the same message again and again. */
import { closeSync, openSync, writeSync } from "node:fs"

export const longRecording = (file: string, messages: number): void => {
  const to = openSync(file, "w")
  let lines = [head, step(0, opened), chunk("in", header), step(1, negotiated), chunk("out", answer)]
  for (let count = 0; count < messages; count++) {
    lines.push(chunk("in", message), step(count + 2, received))
    if (lines.length < linesAtOnce) continue
    writeSync(to, `${lines.join("\n")}\n`)
    lines = []
  }
  writeSync(to, `${lines.join("\n")}\n`)
  closeSync(to)
}

const step = (seq: number, rest: string): string => `{"seq":${seq},"at":${seq * 10},${rest}}`

const chunk = (direction: "in" | "out", text: string): string =>
  JSON.stringify({ wire: direction, at: 0, bytes: Buffer.from(text).toString("base64") })

const linesAtOnce = 1000

const streams = "http://etherx.jabber.org/streams"
const header = `<stream:stream xmlns='jabber:client' xmlns:stream='${streams}' to='juliet@pronto' from='romeo@forza'>`
const answer =
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${streams}' from='juliet@pronto'` +
  " id='recipient-1' to='romeo@forza' xml:lang='en'>"
const message =
  "<message to='juliet@pronto' type='chat'><body>M'lady, I would be pleased to make your acquaintance.</body>" +
  "</message>"

const head = JSON.stringify({
  format: "e2e-stream-recording",
  version: 1,
  config: {
    role: "recipient",
    self: "juliet@pronto",
    aliases: [],
    former: [],
    naming: "jid",
    policy: {
      profile: "0.1.1",
      tls: "never",
      tlsEntry: "starttls",
      sasl: "ifUsable",
      authenticatePeer: false,
      legacy: "accept",
      contentNamespace: "jabber:client",
      unknownElement: "ignore",
      strictStreamPrefix: false,
      strictIds: false,
      hideFromBeforeTls: false
    },
    limits: {
      headerBytesMax: 16384,
      elementBytesMax: 262144,
      depthMax: 64,
      attributesMax: 128,
      heldStanzasMax: 256,
      heldBytesMax: 1048576,
      deferredMax: 64,
      saslTriesMax: 3
    },
    timeouts: {
      negotiationMillis: 60000,
      stepMillis: 15000,
      verdictMillis: 120000,
      commitMillis: 5000,
      closeMillis: 5000,
      drainMillis: 0,
      endMillis: 3000,
      keepaliveMillis: 300000,
      pongMillis: 30000,
      acknowledgementMillis: 30000
    },
    lang: "en",
    languages: [],
    extraFeatures: [],
    certificate: { addresses: ["juliet@pronto"] },
    management: { use: false }
  }
})

const opened = JSON.stringify({
  "event": { "_tag": "TransportOpened" },
  "actions": [{ "_tag": "SetTimer", "timer": "negotiation", "generation": 1, "after": 60000 }, {
    "_tag": "SetTimer",
    "timer": "step",
    "generation": 2,
    "after": 15000
  }],
  "state": "Responding.AwaitingHeader"
}).slice(1, -1)

const negotiated = JSON.stringify({
  "event": {
    "_tag": "HeaderReceived",
    "tag": {
      "name": "stream",
      "namespace": "http://etherx.jabber.org/streams",
      "prefix": "stream",
      "attributes": [{ "name": "to", "value": "juliet@pronto" }, { "name": "from", "value": "romeo@forza" }],
      "declarations": [{ "prefix": "", "namespace": "jabber:client" }, {
        "prefix": "stream",
        "namespace": "http://etherx.jabber.org/streams"
      }]
    },
    "freshId": "recipient-1"
  },
  "actions": [
    { "_tag": "ClearTimer", "timer": "negotiation", "generation": 1 },
    { "_tag": "ClearTimer", "timer": "step", "generation": 2 },
    {
      "_tag": "SendHeader",
      "header": {
        "from": "juliet@pronto",
        "id": "recipient-1",
        "to": "romeo@forza",
        "lang": "en",
        "contentNamespace": "jabber:client"
      }
    },
    { "_tag": "SetTimer", "timer": "keepalive", "generation": 3, "after": 300000 },
    {
      "_tag": "Report",
      "notice": {
        "_tag": "Negotiated",
        "peer": { "address": "romeo@forza", "how": "announced", "verified": false },
        "secured": false,
        "resumed": false
      }
    },
    { "_tag": "Report", "notice": { "_tag": "InsecureChannel" } }
  ],
  "state": "Established"
}).slice(1, -1)

const received = JSON.stringify({
  "event": {
    "_tag": "ElementReceived",
    "element": {
      "name": "message",
      "namespace": "jabber:client",
      "attributes": [{ "name": "to", "value": "juliet@pronto" }, { "name": "type", "value": "chat" }],
      "children": [{
        "name": "body",
        "namespace": "jabber:client",
        "attributes": [],
        "children": ["M'lady, I would be pleased to make your acquaintance."]
      }]
    }
  },
  "actions": [{
    "_tag": "Deliver",
    "stanza": {
      "name": "message",
      "namespace": "jabber:client",
      "attributes": [{ "name": "to", "value": "juliet@pronto" }, { "name": "type", "value": "chat" }],
      "children": [{
        "name": "body",
        "namespace": "jabber:client",
        "attributes": [],
        "children": ["M'lady, I would be pleased to make your acquaintance."]
      }]
    },
    "delivery": { "from": "romeo@forza", "to": "juliet@pronto", "canReply": true }
  }],
  "state": "Established"
}).slice(1, -1)
