/** What programs by others did when they were run against us, said again by a raw socket. */
import { readFileSync } from "node:fs"
import * as net from "node:net"
import { join } from "node:path"
import * as tls from "node:tls"
import { assert, describe, it, onTestFinished } from "vitest"
import { identity, listening, start, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

const ours = "our.example"
const theirs = "prosody.example"

const header = (attributes: string): string =>
  "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
  `${attributes} version='1.0' xml:lang='en'>`
const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>cHJvc29keS5leGFtcGxl</auth>"
const bidi = "<bidi xmlns='urn:xmpp:bidi'/>"
const offeredBidi = "<bidi xmlns='urn:xmpp:features:bidi'/>"
const mechanisms = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
const ping = (from: string, to: string): string =>
  `<iq id='ping1' from='${from}' to='${to}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>`

/** Two services, each with what the other has to know about it. */
const services = async () => {
  const directory = temporary()
  const of = (name: string) => join(directory, name)
  const [, them] = await Promise.all([identity(of("us"), ours), identity(of("them"), theirs)])
  const cert = readFileSync(join(of("them"), "cert.pem"))
  const key = readFileSync(join(of("them"), "key.pem"))
  const flags = ["--as", ours, "--identity", of("us"), "--trust-pin", them, "--content-namespace", "jabber:server"]
  return { them: { cert, key }, flags }
}

/** A server that answers whatever comes, by what it holds; after `<proceed/>` it goes on inside TLS. */
const server = (
  secret: { readonly cert: Buffer; readonly key: Buffer },
  answers: ReadonlyArray<readonly [string, string]>
) =>
  new Promise<{ readonly port: number; readonly heard: () => string }>((resolve) => {
    let heard = ""
    const left = [...answers]
    const serve = (socket: net.Socket): void => {
      let unread = ""
      socket.on("error", () => {})
      socket.on("data", (bytes: Buffer) => {
        unread += bytes.toString()
        heard += bytes.toString()
        for (let next = left[0]; next !== undefined && unread.includes(next[0]); next = left[0]) {
          unread = unread.slice(unread.indexOf(next[0]) + next[0].length)
          left.shift()
          socket.write(next[1])
          if (!next[1].startsWith("<proceed")) continue
          socket.removeAllListeners("data")
          serve(new tls.TLSSocket(socket, { isServer: true, requestCert: true, rejectUnauthorized: false, ...secret }))
        }
      })
    }
    const listener = net.createServer(serve).listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as net.AddressInfo
      resolve({ port, heard: () => heard })
    })
    onTestFinished(() => void listener.close())
  })

describe("as Prosody does", () => {
  it("NA-02 AMB-02 a server that dials takes both directions up, and gets the answer to its ping", async () => {
    const { flags, them } = await services()
    const listener = await listening([...flags, "--once"], { input: "ignore" })
    // Prosody's headers carry an empty id.
    const greeting = header(`id='' from='${theirs}' to='${ours}'`)
    const peer = await Raw.secured(listener.port, ours, { ...them, greeting })
    peer.write(greeting)
    await peer.until("</stream:features>")
    assert.include(peer.heard(), `${mechanisms}${offeredBidi}</stream:features>`)
    peer.write(`${bidi}${auth}`)
    await peer.until("<success")
    peer.write(greeting)
    await peer.until("<stream:features/>")
    peer.write(ping(theirs, ours))
    await peer.until("type='result'")
    peer.write("</stream:stream>")
    await peer.until("</stream:stream>")
    peer.end()
    assert.strictEqual(await listener.ended, 0, listener.stderr())
    assert.notInclude(listener.stdout(), "Diagnostic")
  })

  it("NA-02 AMB-02 a server that is dialled hears of both directions before <auth/>, and answers our ping", async () => {
    const { flags, them } = await services()
    const own = (id: string) => header(`id='${id}' from='${theirs}' to='${ours}'`)
    const { heard, port } = await server(them, [
      [
        "version='1.0' xml:lang='en'>",
        `${own("one")}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`
      ],
      ["<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
      ["version='1.0' xml:lang='en'>", `${own("two")}<stream:features>${mechanisms}${offeredBidi}</stream:features>`],
      ["</auth>", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"],
      ["version='1.0' xml:lang='en'>", `${own("three")}<stream:features/>`],
      ["</iq>", `<iq id='ping1' from='${theirs}' to='${ours}' type='result'/>`],
      ["</stream:stream>", "</stream:stream>"]
    ])
    const connected = start(["connect", ...flags, "--to", theirs, "--host", "127.0.0.1", "--port", `${port}`, "--json"])
    await connected.until("Negotiated")
    connected.say(`${JSON.stringify({ stanza: ping(ours, theirs) })}\n`)
    await connected.until("type='result'")
    connected.endInput()
    assert.strictEqual(await connected.ended, 0, connected.stderr())
    assert.include(heard(), `${bidi}<auth `)
  })
})

describe("as libstrophe does", () => {
  it("STZ-03 stanzas in one packet with the last header are shown after who the peer is", async () => {
    const { flags, them } = await services()
    const listener = await listening([...flags, "--once"], { input: "ignore" })
    const greeting = header(`from='${theirs}' to='${ours}'`)
    const peer = await Raw.secured(listener.port, ours, { ...them, greeting })
    peer.write(greeting)
    await peer.until("</stream:features>")
    peer.write(auth)
    await peer.until("<success")
    peer.write(`${greeting}<message><body>early</body></message></stream:stream>`)
    await peer.until("</stream:stream>")
    peer.end()
    assert.strictEqual(await listener.ended, 0, listener.stderr())
    const shown = listener.lines().map((line) => JSON.parse(line)).map((line) => line.notice?._tag ?? "stanza")
    assert.deepStrictEqual(shown, ["Listening", "PeerJudged", "TlsOn", "Negotiated", "stanza", "PeerClosed", "Ended"])
  })
})
